// SPDX-License-Identifier: Apache-2.0
#include "render/replacement_rule.hpp"

#include "document/plain_scalar.hpp"
#include "document/schema_reader.hpp"
#include "document/yaml_reader.hpp"

#include <fmt/format.h>

#include <utility>

namespace primocane {

namespace {

constexpr std::string_view default_field_path = "metadata.name";

Result<FieldOptions> read_options(const Object& fields, const FieldReader& reader) {
  FieldOptions options;
  const Value* value = fields.find("options");
  if (value == nullptr) return options;
  const Object read =
      TRY(reader.fields(*value, "options", {"delimiter", "index", "encoding", "create"}));
  options.delimiter = TRY(reader.text_of(read, "delimiter"));
  options.index = TRY(reader.integer_of(read, "index"));
  TRY(reader.text_of(read, "encoding"));
  if (TRY(reader.flag_of(read, "create"))) options.create = CreateField::yes;
  return options;
}

Result<ReplacementSource> read_source(const Value& value, const FieldReader& reader) {
  const Object fields = TRY(reader.fields(
      value, "source", {"group", "version", "kind", "name", "namespace", "fieldPath", "options"}));
  ReplacementSource source;
  source.kind.group = TRY(reader.text_of(fields, "group"));
  source.kind.version = TRY(reader.text_of(fields, "version"));
  source.kind.kind = TRY(reader.text_of(fields, "kind"));
  source.name = TRY(reader.text_of(fields, "name"));
  source.namespace_name = TRY(reader.text_of(fields, "namespace"));
  source.field_path = TRY(reader.text_of(fields, "fieldPath"));
  source.options = TRY(read_options(fields, reader));
  return source;
}

Result<ReplacementTarget> read_target(const Value& value, const FieldReader& reader) {
  const Object fields = TRY(
      reader.fields(value, "an item of targets", {"select", "reject", "fieldPaths", "options"}));
  ReplacementTarget target;
  if (const Value* select = fields.find("select")) {
    target.select = TRY(read_selector(*select, reader));
  }
  for (const Value& item : TRY(reader.items_of(fields, "reject"))) {
    target.reject.push_back(TRY(read_selector(item, reader)));
  }
  target.field_paths = TRY(reader.texts_of(fields, "fieldPaths"));
  target.options = TRY(read_options(fields, reader));
  return target;
}

std::unexpected<Error> bad_rule(std::string_view place, std::string_view message) {
  return fail(ErrorKind::invalid, fmt::format("{}: {}", place, message));
}

Result<Replacement::Target> prepare_target(const ReplacementTarget& target, std::string_view file,
                                           std::string_view place) {
  if (!target.select) return bad_rule(place, "a target must have \"select\"");
  ReplacementScope scope = TRY(ReplacementScope::make(*target.select, target.reject, file));
  Replacement::Target prepared{.scope = std::move(scope), .paths = {}, .options = target.options};
  for (const std::string& path : target.field_paths) {
    prepared.paths.push_back(FieldPath::parse(path));
  }
  if (prepared.paths.empty()) prepared.paths.push_back(FieldPath::parse(default_field_path));
  return prepared;
}

Result<Replacement> prepare(const ReplacementRule& rule, const std::string& file) {
  Replacement replacement;
  replacement.place = rule.line == 0 ? file : fmt::format("{}:{}", file, rule.line);
  if (!rule.targets || (!rule.source && !rule.source_value)) {
    return bad_rule(replacement.place,
                    "a replacement must have \"source\" or \"sourceValue\", and \"targets\"");
  }
  if (rule.source && rule.source_value) {
    return bad_rule(replacement.place,
                    "a replacement may have \"source\" or \"sourceValue\", not both");
  }
  replacement.source = rule.source;
  replacement.source_value = rule.source_value.value_or("");
  if (rule.source) {
    const bool is_default = rule.source->field_path.empty();
    replacement.source_path =
        FieldPath::parse(is_default ? default_field_path : rule.source->field_path);
  }
  for (const ReplacementTarget& target : *rule.targets) {
    replacement.targets.push_back(TRY(prepare_target(target, file, replacement.place)));
  }
  return replacement;
}

// The rules in the file that a rule names: a list of them, or one. Only its first document counts.
Result<std::vector<ReplacementRule>> read_rules(const FileLoader& loader, const std::string& path) {
  const std::string text = TRY(loader.load(path));
  const std::string file = loader.shown(path);
  const std::vector<Document> documents = TRY(read_yaml(text, file, loader.limits(), GoYaml::v2));
  if (documents.empty()) {
    return bad_rule(file, "a file of replacements must hold a list or a mapping");
  }
  const FieldReader reader(file, UnknownFields::ignored, TextFields::scalars);
  const Value& value = documents.front().value;
  std::vector<ReplacementRule> rules;
  if (const Array* items = value.as_array()) {
    for (const Value& item : *items) rules.push_back(TRY(read_replacement_rule(item, reader)));
  } else if (value.is_object()) {
    rules.push_back(TRY(read_replacement_rule(value, reader)));
  } else {
    return reader.bad_type(value, "a file of replacements", "a list or a mapping");
  }
  return rules;
}

}  // namespace

Result<ReplacementRule> read_replacement_rule(const Value& item, const FieldReader& reader) {
  const Object fields = TRY(
      reader.fields(item, "an item of replacements", {"path", "source", "sourceValue", "targets"}));
  ReplacementRule rule;
  rule.line = item.line();
  rule.path = TRY(reader.text_of(fields, "path"));
  if (const Value* source = fields.find("source")) {
    rule.source = TRY(read_source(*source, reader));
  }
  if (const Value* value = fields.find("sourceValue")) {
    rule.source_value = TRY(reader.text(*value, "sourceValue"));
  }
  if (fields.contains("targets")) {
    rule.targets.emplace();
    for (const Value& target : TRY(reader.items_of(fields, "targets"))) {
      if (target.is_null()) return reader.bad_type(target, "an item of targets", "a mapping");
      rule.targets->push_back(TRY(read_target(target, reader)));
    }
  }
  return rule;
}

Result<std::vector<Replacement>> load_replacements(const std::vector<ReplacementRule>& rules,
                                                   const FileLoader& loader,
                                                   const std::string& file) {
  std::vector<Replacement> replacements;
  for (const ReplacementRule& rule : rules) {
    const bool has_targets = rule.targets && !rule.targets->empty();
    if (rule.path.empty()) {
      // kustomize loses an empty list on its way, so that it counts as none.
      ReplacementRule inline_rule = rule;
      if (!has_targets) inline_rule.targets.reset();
      replacements.push_back(TRY(prepare(inline_rule, file)));
      continue;
    }
    if (rule.source || has_targets) {
      return fail(ErrorKind::invalid,
                  at_line(file, rule.line) +
                      "a replacement may have \"path\" or \"source\" and \"targets\", not both");
    }
    for (const ReplacementRule& loaded : TRY(read_rules(loader, rule.path))) {
      replacements.push_back(TRY(prepare(loaded, loader.shown(rule.path))));
    }
  }
  return replacements;
}

}  // namespace primocane
