// SPDX-License-Identifier: Apache-2.0
#include "render/draft.hpp"

#include "document/written_scalar.hpp"
#include "render/patch_schema.hpp"

#include <fmt/format.h>

#include <utility>

namespace primocane {

namespace {

bool part_fits(std::string_view wanted, std::string_view value) {
  return wanted.empty() || wanted == value;
}

std::unexpected<Error> bad(const Origin& origin, const Value* value, std::string_view message) {
  const bool knows_line = value != nullptr && value->line() != 0;
  return fail(ErrorKind::invalid, fmt::format("{}:{}: {}", origin.path,
                                              knows_line ? value->line() : origin.line, message));
}

// What the values of labels and annotations are is looked at in the end, if at all.
Result<void> check_mapping(const Object& metadata, std::string_view key, const Origin& origin) {
  const Value* map = metadata.find(key);
  if (map == nullptr || map->is_null() || map->is_object()) return {};
  return bad(origin, map,
             fmt::format("metadata.{} must be a mapping, not {}", key, to_string(map->kind())));
}

// kyaml's RNode.GetName and the like see strings only.
Result<void> check_name(const Value& object, const Origin& origin) {
  const Value* name = object.find("metadata", "name");
  if (name == nullptr || name->is_null() || *name == Value("")) {
    if (object.find("metadata", "generateName") != nullptr) {
      return bad(origin, object.find("metadata", "generateName"),
                 "metadata.generateName is not supported: an object from Git needs metadata.name");
    }
    return bad(origin, name == nullptr ? &object : name, "metadata.name is missing");
  }
  if (name->is_string()) return {};
  return bad(origin, name,
             fmt::format("metadata.name must be a string, not {}", to_string(name->kind())));
}

}  // namespace

bool selects(const VersionedKind& rule, const VersionedKind& kind) {
  return part_fits(rule.kind, kind.kind) && part_fits(rule.group, kind.group) &&
         part_fits(rule.version, kind.version);
}

std::string to_string(const DraftId& id) {
  if (id.namespace_name.empty()) return fmt::format("{}/{}", id.kind.kind, id.name);
  return fmt::format("{}/{}/{}", id.kind.kind, id.namespace_name, id.name);
}

Result<Draft> make_draft(Value object, Origin origin) {
  if (!object.is_object()) {
    return bad(
        origin, &object,
        fmt::format("a Kubernetes object must be a mapping, not {}", to_string(object.kind())));
  }
  const Value* kind = object.find("kind");
  if (kind == nullptr || kind->is_null() || *kind == Value("")) {
    return bad(origin, &object, "kind is missing");
  }
  if (!kind->is_string()) {
    return bad(origin, kind, fmt::format("kind must be a string, not {}", to_string(kind->kind())));
  }
  const Value* version = object.find("apiVersion");
  if (version != nullptr && !version->is_null() && !version->is_string()) {
    return bad(origin, version,
               fmt::format("apiVersion must be a string, not {}", to_string(version->kind())));
  }
  Value* metadata = object.as_object()->find("metadata");
  if (metadata != nullptr && !metadata->is_null() && !metadata->is_object()) {
    return bad(origin, metadata,
               fmt::format("metadata must be a mapping, not {}", to_string(metadata->kind())));
  }
  if (!kind->as_string()->ends_with("List")) TRY(check_name(object, origin));
  if (metadata != nullptr && metadata->is_object()) {
    TRY(check_mapping(*metadata->as_object(), "labels", origin));
    TRY(check_mapping(*metadata->as_object(), "annotations", origin));
    const Value* space = metadata->find("namespace");
    if (space != nullptr && !space->is_null() && !space->is_string()) {
      return bad(
          origin, space,
          fmt::format("metadata.namespace must be a string, not {}", to_string(space->kind())));
    }
  }
  Draft draft;
  draft.object = std::move(object);
  draft.origin = std::move(origin);
  read_id(draft);
  return draft;
}

// An apiVersion with two slashes is cut at the first (kyaml resid, ParseGroupVersion).
void read_id(Draft& draft) {
  const std::string_view version = draft.object.text_at("apiVersion");
  const std::size_t slash = version.find('/');
  DraftId& id = draft.id;
  id.kind.group = slash == std::string_view::npos ? std::string_view() : version.substr(0, slash);
  id.kind.version = slash == std::string_view::npos ? version : version.substr(slash + 1);
  id.kind.kind = draft.object.text_at("kind");
  id.namespace_name = draft.object.text_at("metadata", "namespace");
  id.name = draft.object.text_at("metadata", "name");
}

void make_texts(Draft& draft, std::string_view key) {
  Value* const metadata = draft.object.as_object()->find("metadata");
  if (metadata == nullptr || !metadata->is_object()) return;
  Value* const map = metadata->as_object()->find(key);
  if (map == nullptr) return;
  if (map->is_array()) return;
  if (!map->is_object()) {
    metadata->as_object()->erase(key);
    return;
  }
  for (auto& [name, value] : *map->as_object()) {
    const bool is_written = value.spelling().writing != Writing::nothing;
    if (is_written && value.is_string() && scalar_type(value) == ScalarType::string) continue;
    value = text_as_written(value);
  }
  if (map->as_object()->empty()) metadata->as_object()->erase(key);
}

Object& metadata_of(Draft& draft) {
  Value& metadata = (*draft.object.as_object())["metadata"];
  if (!metadata.is_object()) metadata = Object();
  return *metadata.as_object();
}

const std::string* metadata_text(const Draft& draft, std::string_view key, std::string_view name) {
  const Value* value = draft.object.find("metadata", key, name);
  return value == nullptr ? nullptr : value->as_string();
}

void set_name(Draft& draft, std::string name) {
  metadata_of(draft).set("name", name);
  draft.id.name = std::move(name);
}

bool is_cluster_scoped(const VersionedKind& kind) {
  return is_cluster_scoped_kind(kind.group, kind.version, kind.kind).value_or(false);
}

bool is_cluster_scoped(const Draft& draft) {
  return draft.has_no_namespace || is_cluster_scoped(draft.id.kind);
}

std::string_view effective_namespace(const DraftId& id) {
  if (is_cluster_scoped(id.kind)) return cluster_scope;
  return id.namespace_name.empty() ? std::string_view("default") : id.namespace_name;
}

std::string_view effective_namespace(const Draft& draft) {
  return draft.has_no_namespace ? cluster_scope : effective_namespace(draft.id);
}

DraftId effective_id(const DraftId& id) {
  return {.kind = id.kind, .namespace_name = std::string(effective_namespace(id)), .name = id.name};
}

DraftId original_id(const Draft& draft) {
  if (draft.previous.empty()) return effective_id(draft.id);
  const PreviousId& first = draft.previous.front();
  DraftId id{.kind = draft.id.kind, .namespace_name = first.namespace_name, .name = first.name};
  id.kind.kind = first.kind;
  return id;
}

void store_previous_id(Draft& draft) {
  draft.previous.push_back({.kind = draft.id.kind.kind,
                            .namespace_name = std::string(effective_namespace(draft.id)),
                            .name = draft.id.name});
}

std::unexpected<Error> invalid_draft(const Draft& draft, std::string_view message) {
  return fail(ErrorKind::invalid,
              fmt::format("{}: {}: {}", to_string(draft.origin), to_string(draft.id), message));
}

}  // namespace primocane
