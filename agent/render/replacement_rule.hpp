// SPDX-License-Identifier: Apache-2.0
// The rules in `replacements` (api/types/replacement.go of kustomize 5.8.1): as they are written,
// and ready to be applied.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "render/draft.hpp"
#include "render/field_path.hpp"
#include "render/field_reader.hpp"
#include "render/field_spec.hpp"
#include "render/file_loader.hpp"
#include "render/selector.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// Which part of a field's text is meant. `encoding` is read but has no effect, as in kustomize.
struct FieldOptions {
  std::string delimiter;   ///< "" for the whole text
  std::int64_t index = 0;  ///< of the part; in a target also before the first and behind the last
  CreateField create = CreateField::no;

  bool operator==(const FieldOptions&) const = default;
};

/// Where a value is from.
struct ReplacementSource {
  VersionedKind kind;          ///< "" for any in each part
  std::string name;            ///< "" for any
  std::string namespace_name;  ///< "" for any
  std::string field_path;      ///< "" for metadata.name
  FieldOptions options;

  bool operator==(const ReplacementSource&) const = default;
};

/// Where it goes.
struct ReplacementTarget {
  std::optional<Selector> select;
  std::vector<Selector> reject;
  std::vector<std::string> field_paths;  ///< none for metadata.name
  FieldOptions options;

  bool operator==(const ReplacementTarget&) const = default;
};

/// One item of `replacements`: a rule, or the path of a file with rules.
struct ReplacementRule {
  std::string path;
  std::optional<ReplacementSource> source;
  std::optional<std::string> source_value;
  std::optional<std::vector<ReplacementTarget>> targets;
  std::uint32_t line = 0;

  bool operator==(const ReplacementRule&) const = default;
};

/// Reads an item of `replacements`. `invalid` for unknown fields and wrong types.
[[nodiscard]] Result<ReplacementRule> read_replacement_rule(const Value& item,
                                                            const FieldReader& reader);

/// A rule whose expressions are compiled and whose paths are taken apart. An immutable value.
struct Replacement {
  struct Target {
    ReplacementScope scope;
    std::vector<FieldPath> paths;
    FieldOptions options;
  };

  std::string place;  ///< "kustomization.yaml:7", for messages
  std::optional<ReplacementSource> source;
  FieldPath source_path;
  std::string source_value;  ///< where there is no source
  std::vector<Target> targets;
};

/// The rules of the kustomization `file`, and those in the files that they name: each is a list of
/// rules or one rule. Unknown fields are passed over there, as in kustomize. `invalid` if a rule
/// has no or two sources, no targets, a target that selects nothing in particular, or an
/// expression that is none; or if a file can't be read.
[[nodiscard]] Result<std::vector<Replacement>> load_replacements(
    const std::vector<ReplacementRule>& rules, const FileLoader& loader, const std::string& file);

}  // namespace primocane
