// SPDX-License-Identifier: Apache-2.0
#include "render/patch_schema.hpp"

#include "base/take_until.hpp"
#include "document/schema_reader.hpp"

#include <fmt/format.h>

#include <functional>
#include <map>
#include <string>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view definition_prefix = "#/definitions/";
constexpr std::string_view kinds_key = "x-kubernetes-group-version-kind";
// What kustomize adds to every schema: its own files' types.
constexpr std::string_view kustomization_api = "kustomize.config.k8s.io/";
// A reference to a reference and so on; a ring of them leads nowhere.
constexpr int references_max = 100;

std::string api_version_of(std::string_view group, std::string_view version) {
  return group.empty() ? std::string(version) : fmt::format("{}/{}", group, version);
}

std::string kind_id(std::string_view api_version, std::string_view kind) {
  return fmt::format("{} {}", api_version, kind);
}

// An entry of x-kubernetes-group-version-kind; "" if it is none.
std::string kind_id(const Value& entry) {
  const std::string_view version = entry.text_at("version");
  const std::string_view kind = entry.text_at("kind");
  if (version.empty() || kind.empty()) return {};
  return kind_id(api_version_of(entry.text_at("group"), version), kind);
}

// A token of a JSON pointer.
std::string unescaped(std::string_view token) {
  std::string text;
  for (std::size_t at = 0; at < token.size(); ++at) {
    const bool is_escape = token[at] == '~' && at + 1 < token.size() && token[at + 1] <= '1';
    text += !is_escape ? token[at] : token[at + 1] == '1' ? '/' : '~';
    at += is_escape ? 1 : 0;
  }
  return text;
}

bool is_list_type(const Value& schema) {
  const Value* type = schema.find("type");
  if (type == nullptr) return false;
  const Array* types = type->as_array();
  if (types != nullptr && types->size() == 1) type = &types->front();
  return type->as_string() != nullptr && *type->as_string() == "array";
}

bool merges(std::string_view strategies) {
  while (!strategies.empty()) {
    if (take_until(strategies, ',') == "merge") return true;
  }
  return false;
}

Result<void> require_mapping(const Value& value, std::string_view what, std::string_view file) {
  if (value.is_object()) return {};
  return fail(ErrorKind::invalid,
              fmt::format("{}{} must be a mapping, not {}", at_line(file, value.line()), what,
                          to_string(value.kind())));
}

}  // namespace

struct PatchSchema::Written {
  Value definitions;
  std::map<std::string, const Value*, std::less<>> by_name;
  std::map<std::string, const Value*, std::less<>> by_kind;
  std::map<std::string, bool, std::less<>> is_namespaced;  // by kind

  // openapi.go, AddDefinitions.
  Result<void> index(std::string_view file) {
    for (const auto& [name, definition] : *definitions.as_object()) {
      if (!definition.is_null()) TRY(require_mapping(definition, "definition " + name, file));
      by_name.emplace(name, &definition);
      const Value* kinds = definition.find(kinds_key);
      if (kinds == nullptr || !kinds->is_array()) continue;
      for (const Value& entry : *kinds->as_array()) by_kind[kind_id(entry)] = &definition;
    }
    return {};
  }

  // openapi.go, findNamespaceability.
  void read_paths(const Value* paths) {
    if (paths == nullptr || !paths->is_object()) return;
    for (const auto& [path, operations] : *paths->as_object()) {
      const Value* kind = operations.find("get", kinds_key);
      if (kind == nullptr) continue;
      bool& is_within = is_namespaced[kind_id(*kind)];
      is_within = is_within || path.find("namespaces/{namespace}") != std::string::npos;
    }
  }
};

Result<PatchSchema> PatchSchema::read(Value openapi, std::string_view file, BuiltInTypes built_in) {
  TRY(require_mapping(openapi, "an OpenAPI document", file));
  Object& members = *openapi.as_object();
  auto written = std::make_shared<Written>();
  written->read_paths(members.find("paths"));
  written->definitions = std::move(members["definitions"]);
  if (written->definitions.is_null()) written->definitions = Object();
  TRY(require_mapping(written->definitions, "definitions", file));
  TRY(written->index(file));
  PatchSchema schema;
  schema.written_ = std::move(written);
  schema.built_in_ = built_in;
  return schema;
}

std::optional<SchemaType> PatchSchema::root(std::string_view api_version,
                                            std::string_view kind) const {
  std::optional<SchemaType> written;
  if (written_ != nullptr) {
    const auto found = written_->by_kind.find(kind_id(api_version, kind));
    if (found != written_->by_kind.end()) written = SchemaType(found->second);
  }
  if (written && built_in_ != BuiltInTypes::first) return written;
  const auto known = built_in_kind(api_version, kind);
  if (!known || !known->type) return written;
  const bool counts =
      built_in_ != BuiltInTypes::left_out || api_version.starts_with(kustomization_api);
  return counts ? SchemaType(*known->type) : written;
}

std::optional<SchemaType> PatchSchema::field(SchemaType type, std::string_view name) const {
  if (type.written_ == nullptr) {
    const auto known = built_in_field(type.built_in_, name);
    return known ? std::optional(SchemaType(*known)) : std::nullopt;
  }
  if (const Value* property = type.written_->find("properties", name)) return resolve(property);
  const Value* additional = type.written_->find("additionalProperties");
  return additional != nullptr && additional->is_object() ? resolve(additional) : std::nullopt;
}

std::optional<SchemaType> PatchSchema::elements(SchemaType type) const {
  if (type.written_ == nullptr) {
    const auto known = built_in_elements(type.built_in_);
    return known ? std::optional(SchemaType(*known)) : std::nullopt;
  }
  const Value* items = type.written_->find("items");
  if (!is_list_type(*type.written_) || items == nullptr || !items->is_object()) return {};
  return resolve(items);
}

std::optional<std::vector<std::string_view>> PatchSchema::merge_keys(SchemaType type) const {
  if (type.written_ == nullptr) return built_in_merge_keys(type.built_in_);
  const Value& schema = *type.written_;
  if (!merges(schema.text_at("x-kubernetes-patch-strategy"))) return std::nullopt;
  std::vector<std::string_view> keys;
  if (const Value* listed = schema.find("x-kubernetes-list-map-keys")) {
    if (!listed->is_array()) return keys;
    for (const Value& key : *listed->as_array()) {
      if (key.as_string() != nullptr) keys.emplace_back(*key.as_string());
    }
    return keys;
  }
  const std::string_view key = schema.text_at("x-kubernetes-patch-merge-key");
  if (!key.empty()) keys.push_back(key);
  return keys;
}

std::optional<SchemaType> PatchSchema::resolve(const Value* schema) const {
  for (int steps = 0; steps < references_max; ++steps) {
    const std::string_view reference = schema->text_at("$ref");
    if (reference.empty()) return SchemaType(schema);
    if (!reference.starts_with(definition_prefix)) return std::nullopt;
    const auto found =
        written_->by_name.find(unescaped(reference.substr(definition_prefix.size())));
    if (found == written_->by_name.end()) return std::nullopt;
    schema = found->second;
  }
  return std::nullopt;
}

std::optional<bool> PatchSchema::is_cluster_scoped(std::string_view group, std::string_view version,
                                                   std::string_view kind) const {
  if (const auto known = is_cluster_scoped_kind(group, version, kind)) return known;
  if (written_ == nullptr) return std::nullopt;
  const auto found = written_->is_namespaced.find(kind_id(api_version_of(group, version), kind));
  if (found == written_->is_namespaced.end()) return std::nullopt;
  return !found->second;
}

std::optional<bool> is_cluster_scoped_kind(std::string_view group, std::string_view version,
                                           std::string_view kind) {
  const auto known = built_in_kind(api_version_of(group, version), kind);
  if (!known || known->scope == KnownScope::unknown) return std::nullopt;
  return known->scope == KnownScope::cluster;
}

}  // namespace primocane
