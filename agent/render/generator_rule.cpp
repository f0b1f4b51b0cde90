// SPDX-License-Identifier: Apache-2.0
#include "render/generator_rule.hpp"

#include <fmt/format.h>

#include <array>
#include <span>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

constexpr std::array<std::string_view, 10> rule_fields = {
    "name", "namespace", "behavior", "literals", "files",
    "envs", "options",   "env",      "type",     "metadata"};
// The prefixes of that which each form knows.
constexpr std::size_t config_map_fields = 8;
constexpr std::size_t secret_fields = 9;

GeneratorBehavior behavior_called(std::string_view word) {
  if (word == "replace") return GeneratorBehavior::replace;
  if (word == "merge") return GeneratorBehavior::merge;
  if (word == "create") return GeneratorBehavior::create;
  return GeneratorBehavior::unspecified;
}

Result<GeneratorRule> rule_of(const Object& read, const FieldReader& reader) {
  GeneratorRule rule;
  rule.name = TRY(reader.text_of(read, "name"));
  rule.namespace_name = TRY(reader.text_of(read, "namespace"));
  rule.behavior = behavior_called(TRY(reader.text_of(read, "behavior")));
  rule.sources.literals = TRY(reader.texts_of(read, "literals"));
  rule.sources.files = TRY(reader.texts_of(read, "files"));
  rule.sources.envs = TRY(reader.texts_of(read, "envs"));
  rule.type = TRY(reader.text_of(read, "type"));
  if (const Value* options = read.find("options"); options != nullptr) {
    rule.options = TRY(read_generator_options(*options, reader));
  }
  return rule;
}

Origin place_of(const Value& value, const FieldReader& reader) {
  Origin origin{.path = reader.path()};
  if (value.line() != 0) origin.line = value.line();
  return origin;
}

Result<GeneratorRule> read_item(const Value& item, const FieldReader& reader, GeneratedKind kind) {
  const bool is_secret = kind == GeneratedKind::secret;
  const Object read = TRY(reader.fields(
      item, is_secret ? "an item of secretGenerator" : "an item of configMapGenerator",
      std::span(rule_fields).first(is_secret ? secret_fields : config_map_fields)));
  GeneratorRule rule = TRY(rule_of(read, reader));
  std::string env = TRY(reader.text_of(read, "env"));
  if (!env.empty()) rule.sources.envs.push_back(std::move(env));
  rule.kind = kind;
  rule.origin = place_of(item, reader);
  return rule;
}

}  // namespace

std::string_view to_string(GeneratedKind kind) {
  switch (kind) {
    case GeneratedKind::config_map:
      return "ConfigMap";
    case GeneratedKind::secret:
      return "Secret";
  }
  return {};
}

Result<GeneratorRule> read_config_map_rule(const Value& item, const FieldReader& reader) {
  return read_item(item, reader, GeneratedKind::config_map);
}

Result<GeneratorRule> read_secret_rule(const Value& item, const FieldReader& reader) {
  return read_item(item, reader, GeneratedKind::secret);
}

Result<GeneratorRule> read_generator_object(const Value& object, const FieldReader& reader) {
  const std::string_view kind = object.text_at("kind");
  if (kind != "ConfigMapGenerator" && kind != "SecretGenerator") {
    return reader.bad(object, fmt::format("there is no generator of kind \"{}\"", kind));
  }
  const Object read = TRY(reader.fields(object, kind, rule_fields));
  GeneratorRule rule = TRY(rule_of(read, reader));
  rule.kind = kind == "SecretGenerator" ? GeneratedKind::secret : GeneratedKind::config_map;
  rule.origin = place_of(object, reader);
  if (const Value* metadata = read.find("metadata"); metadata != nullptr) {
    const Object named = TRY(reader.fields(*metadata, "metadata", {"name", "namespace"}));
    if (rule.name.empty()) rule.name = TRY(reader.text_of(named, "name"));
    if (rule.namespace_name.empty()) rule.namespace_name = TRY(reader.text_of(named, "namespace"));
  }
  return rule;
}

Result<GeneratorOptions> read_generator_options(const Value& value, const FieldReader& reader) {
  const Object read =
      TRY(reader.fields(value, "options of a generator",
                        {"labels", "annotations", "disableNameSuffixHash", "immutable"}));
  GeneratorOptions options;
  options.labels = TRY(reader.text_map_of(read, "labels"));
  options.annotations = TRY(reader.text_map_of(read, "annotations"));
  options.disable_name_suffix_hash = TRY(reader.flag_of(read, "disableNameSuffixHash"));
  options.immutable = TRY(reader.flag_of(read, "immutable"));
  return options;
}

void add_global_options(GeneratorOptions& local, const GeneratorOptions& global) {
  local.labels.insert(global.labels.begin(), global.labels.end());
  local.annotations.insert(global.annotations.begin(), global.annotations.end());
  if (global.disable_name_suffix_hash) local.disable_name_suffix_hash = true;
  if (global.immutable) local.immutable = true;
}

}  // namespace primocane
