// SPDX-License-Identifier: Apache-2.0
// GeneratorRule: a ConfigMap or Secret that a kustomization wants made, as written.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "render/draft.hpp"
#include "render/field_reader.hpp"
#include "render/key_value_sources.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace primocane {

/// `generatorOptions` of a kustomization, and `options` of one rule.
struct GeneratorOptions {
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;
  bool disable_name_suffix_hash = false;
  bool immutable = false;

  bool operator==(const GeneratorOptions&) const = default;
};

enum class GeneratedKind : std::uint8_t { config_map, secret };

/// "ConfigMap", "Secret".
[[nodiscard]] std::string_view to_string(GeneratedKind kind);

struct GeneratorRule {
  GeneratedKind kind = GeneratedKind::config_map;
  std::string name;
  std::string namespace_name;
  GeneratorBehavior behavior = GeneratorBehavior::unspecified;
  KeyValueSources sources;
  std::string type;  ///< of a Secret; "" for Opaque
  GeneratorOptions options;
  Origin origin;  ///< where it is written

  bool operator==(const GeneratorRule&) const = default;
};

/// Reads an item of `configMapGenerator`. What `env` names becomes the last of `envs`. Any
/// `behavior` but create, replace and merge is as none, as in kustomize.
[[nodiscard]] Result<GeneratorRule> read_config_map_rule(const Value& item,
                                                         const FieldReader& reader);
/// Reads an item of `secretGenerator`.
[[nodiscard]] Result<GeneratorRule> read_secret_rule(const Value& item, const FieldReader& reader);

/// Reads an object of kind ConfigMapGenerator or SecretGenerator that `generators` names: its
/// fields are those of an item. Its metadata says name and namespace where they don't, and `env` is
/// passed over (api/internal/builtins/ConfigMapGenerator.go). `invalid` for another kind.
[[nodiscard]] Result<GeneratorRule> read_generator_object(const Value& object,
                                                          const FieldReader& reader);

/// Reads `generatorOptions` or `options`.
[[nodiscard]] Result<GeneratorOptions> read_generator_options(const Value& value,
                                                              const FieldReader& reader);

/// Adds to `local` what `global` says: its labels and annotations where `local` has none of that
/// key, and what is true (api/types/generatoroptions.go, MergeGlobalOptionsIntoLocal).
void add_global_options(GeneratorOptions& local, const GeneratorOptions& global);

}  // namespace primocane
