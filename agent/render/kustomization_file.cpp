// SPDX-License-Identifier: Apache-2.0
#include "render/kustomization_file.hpp"

#include "document/schema_reader.hpp"
#include "document/value.hpp"
#include "document/yaml_reader.hpp"
#include "render/kustomization_fields.hpp"
#include "resource/names.hpp"
#include "resource/resource_id.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

constexpr std::array<std::string_view, 3> file_names = {"kustomization.yaml", "kustomization.yml",
                                                        "Kustomization"};

// A field that says nothing: null, or an empty string, list or mapping.
bool is_empty(const Value& value) {
  if (const Array* items = value.as_array(); items != nullptr) return items->empty();
  if (const Object* members = value.as_object(); members != nullptr) return members->empty();
  return value.is_null() || value == Value("");
}

// Reads one file; knows its name for messages.
class Reader {
 public:
  explicit Reader(std::string path) : path_(std::move(path)) {}

  Result<KustomizationFile> read(std::string_view content, const DocumentLimits& limits) const;

 private:
  std::unexpected<Error> bad(const Value& value, std::string_view message) const {
    return fail(ErrorKind::invalid, at_line(path_, value.line()) + std::string(message));
  }
  std::unexpected<Error> bad_type(const Value& value, std::string_view what,
                                  std::string_view expected) const {
    return bad(value,
               fmt::format("{} must be {}, not {}", what, expected, to_string(value.kind())));
  }

  Result<Value> with_fields_by_name(const Value& file) const;
  Result<void> check_fields(const Object& fields) const;
  Result<void> check_type(const Value& file) const;
  Result<std::string> text(const Value& value, std::string_view what) const;
  Result<std::string> text_of(const Value& mapping, std::string_view key) const;
  Result<bool> flag_of(const Value& mapping, std::string_view key) const;
  Result<std::map<std::string, std::string>> text_map(const Value& mapping,
                                                      std::string_view key) const;
  Result<std::vector<ListedPath>> read_resources(const Value& file) const;
  Result<std::string> read_namespace(const Value& file) const;
  Result<std::vector<LabelRule>> read_labels(const Value& file) const;
  Result<LabelRule> read_label_rule(const Value& item) const;
  Result<FieldSpec> read_field_spec(const Value& item) const;

  std::string path_;
};

Result<KustomizationFile> Reader::read(std::string_view content,
                                       const DocumentLimits& limits) const {
  const std::vector<Document> documents = TRY(read_yaml(content, path_, limits));
  if (documents.empty()) return fail(ErrorKind::invalid, fmt::format("{}: is empty", path_));
  if (documents.size() > 1) {
    return bad(documents[1].value, "a kustomization file holds one document");
  }
  // First, because a file that is meant for another tool has other fields as well.
  TRY(check_type(documents.front().value));
  const Value file = TRY(with_fields_by_name(documents.front().value));
  TRY(check_type(file));
  TRY(check_fields(*file.as_object()));
  KustomizationFile result;
  result.path = path_;
  result.resources = TRY(read_resources(file));
  result.namespace_name = TRY(read_namespace(file));
  result.name_prefix = TRY(text_of(file, "namePrefix"));
  result.name_suffix = TRY(text_of(file, "nameSuffix"));
  result.labels = TRY(read_labels(file));
  result.common_annotations = TRY(text_map(file, "commonAnnotations"));
  return result;
}

// api/types/kustomization.go, EnforceFields.
Result<void> Reader::check_type(const Value& file) const {
  const std::string kind = TRY(text_of(file, "kind"));
  const std::string version = TRY(text_of(file, "apiVersion"));
  if (kind == "Component") return bad(*file.find("kind"), "kind Component is not supported");
  if (!kind.empty() && kind != "Kustomization") {
    return bad(*file.find("kind"),
               fmt::format("kind of a kustomization file is \"Kustomization\", not \"{}\"", kind));
  }
  if (version.empty() || version == "kustomize.config.k8s.io/v1beta1") return {};
  if (ApiVersion::parse(version).value_or(ApiVersion{}).group == "kustomize.toolkit.fluxcd.io") {
    return bad(*file.find("apiVersion"),
               "this is an object of Flux: a file of this name is for kustomize");
  }
  return bad(*file.find("apiVersion"),
             fmt::format("apiVersion of a kustomization file is "
                         "\"kustomize.config.k8s.io/v1beta1\", not \"{}\"",
                         version));
}

// The mapping with its keys as kustomize writes them.
Result<Value> Reader::with_fields_by_name(const Value& file) const {
  if (!file.is_object()) return bad_type(file, "a kustomization file", "a mapping");
  Object fields;
  for (const auto& [key, value] : *file.as_object()) {
    const std::string_view name = field_called(key);
    if (name.empty()) {
      const std::string_view meant = field_meant(key);
      return bad(value, fmt::format("kustomize has no field \"{}\"{}", key,
                                    meant.empty() ? std::string()
                                                  : fmt::format("; did you mean \"{}\"?", meant)));
    }
    if (fields.contains(name)) {
      return bad(value, fmt::format("\"{}\" is given twice, as \"{}\" too", name, key));
    }
    fields.append(std::string(name), value);
  }
  Value result = std::move(fields);
  result.set_line(file.line());
  return result;
}

Result<void> Reader::check_fields(const Object& fields) const {
  bool asks_for_something = false;
  for (const auto& [name, value] : fields) {
    if (!is_served_field(name) && !is_empty(value)) {
      return bad(value, fmt::format("\"{}\" is not supported", name));
    }
    const bool says_what_it_is = name == "apiVersion" || name == "kind";
    asks_for_something = asks_for_something || (!says_what_it_is && !value.is_null());
  }
  if (asks_for_something) return {};
  return fail(ErrorKind::invalid,
              fmt::format("{}: is empty: it has no field like \"resources\"", path_));
}

Result<std::string> Reader::text(const Value& value, std::string_view what) const {
  if (value.is_null()) return std::string();
  if (!value.is_string()) return bad_type(value, what, "a string");
  return *value.as_string();
}

Result<std::string> Reader::text_of(const Value& mapping, std::string_view key) const {
  const Value* value = mapping.find(key);
  return value == nullptr ? std::string() : text(*value, key);
}

Result<bool> Reader::flag_of(const Value& mapping, std::string_view key) const {
  const Value* value = mapping.find(key);
  if (value == nullptr || value->is_null()) return false;
  if (value->as_bool() == nullptr) return bad_type(*value, key, "true or false");
  return *value->as_bool();
}

Result<std::map<std::string, std::string>> Reader::text_map(const Value& mapping,
                                                            std::string_view key) const {
  std::map<std::string, std::string> pairs;
  const Value* value = mapping.find(key);
  if (value == nullptr || value->is_null()) return pairs;
  if (!value->is_object()) return bad_type(*value, key, "a mapping of strings");
  for (const auto& [name, member] : *value->as_object()) {
    pairs.emplace(name, TRY(text(member, fmt::format("{}.{}", key, name))));
  }
  return pairs;
}

Result<std::vector<ListedPath>> Reader::read_resources(const Value& file) const {
  std::vector<ListedPath> paths;
  const Value* list = file.find("resources");
  if (list == nullptr || list->is_null()) return paths;
  if (!list->as_array()) return bad_type(*list, "resources", "a list of paths");
  for (const Value& item : *list->as_array()) {
    if (!item.is_string()) return bad_type(item, "an item of resources", "a path");
    if (item.as_string()->empty()) return bad(item, "an item of resources is empty");
    paths.push_back({.text = *item.as_string(), .line = item.line()});
  }
  return paths;
}

Result<std::string> Reader::read_namespace(const Value& file) const {
  std::string name = TRY(text_of(file, "namespace"));
  if (!name.empty() && !is_namespace_name(name)) {
    return bad(*file.find("namespace"),
               fmt::format("\"{}\" is no namespace's name: expected at most 63 lower-case letters, "
                           "digits and \"-\"",
                           name));
  }
  return name;
}

Result<std::vector<LabelRule>> Reader::read_labels(const Value& file) const {
  std::vector<LabelRule> rules;
  const Value* list = file.find("labels");
  if (list == nullptr || list->is_null()) return rules;
  if (!list->as_array()) return bad_type(*list, "labels", "a list of rules with pairs");
  for (const Value& item : *list->as_array()) rules.push_back(TRY(read_label_rule(item)));
  return rules;
}

Result<LabelRule> Reader::read_label_rule(const Value& item) const {
  if (!item.is_object()) return bad_type(item, "an item of labels", "a mapping with pairs");
  TRY(require_known_keys(item, "an item of labels", path_,
                         {"pairs", "includeSelectors", "includeTemplates", "fields"}));
  LabelRule rule;
  rule.pairs = TRY(text_map(item, "pairs"));
  rule.include_selectors = TRY(flag_of(item, "includeSelectors"));
  rule.include_templates = TRY(flag_of(item, "includeTemplates"));
  const Value* fields = item.find("fields");
  if (fields == nullptr || fields->is_null()) return rule;
  if (!fields->as_array()) return bad_type(*fields, "fields", "a list of fields");
  for (const Value& field : *fields->as_array()) rule.fields.push_back(TRY(read_field_spec(field)));
  return rule;
}

Result<FieldSpec> Reader::read_field_spec(const Value& item) const {
  if (!item.is_object()) return bad_type(item, "an item of fields", "a mapping with path");
  TRY(require_known_keys(item, "an item of fields", path_,
                         {"group", "version", "kind", "path", "create"}));
  FieldSpec spec;
  spec.group = TRY(text_of(item, "group"));
  spec.version = TRY(text_of(item, "version"));
  spec.kind = TRY(text_of(item, "kind"));
  spec.path = TRY(text_of(item, "path"));
  spec.create = TRY(flag_of(item, "create")) ? CreateField::yes : CreateField::no;
  if (spec.path.empty()) return bad(item, "an item of fields needs a path");
  return spec;
}

}  // namespace

Result<std::optional<RelativePath>> find_kustomization_file(const SourceTree& tree,
                                                            const RelativePath& folder) {
  std::optional<RelativePath> found;
  for (const std::string_view name : file_names) {
    RelativePath path = TRY(folder.join(name));
    if (TRY(tree.kind(path)) != EntryKind::file) continue;
    if (found) {
      return fail(ErrorKind::invalid,
                  fmt::format("{} and {} are both kustomization files of one folder: keep one",
                              found->str(), path.str()));
    }
    found = std::move(path);
  }
  return found;
}

Result<KustomizationFile> read_kustomization_file(std::string_view text, std::string path,
                                                  const DocumentLimits& limits) {
  return Reader(std::move(path)).read(text, limits);
}

}  // namespace primocane
