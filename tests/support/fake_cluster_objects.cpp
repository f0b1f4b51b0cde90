// SPDX-License-Identifier: Apache-2.0
// What FakeCluster does to its objects: merges, edits from outside, deletions, and its dump.
#include "document/json.hpp"
#include "support/fake_cluster.hpp"
#include "support/managed_fields.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <utility>

namespace primocane {

namespace {

const GroupKind definition_kind{"apiextensions.k8s.io", "CustomResourceDefinition"};

Object& metadata_of(Value& object) {
  Value& metadata = (*object.as_object())["metadata"];
  if (!metadata.is_object()) metadata = Object{};
  return *metadata.as_object();
}

Value bare_object(const ResourceId& id) {
  Object metadata{{"name", Value(id.name)}};
  if (!id.namespace_name.empty()) metadata.append("namespace", Value(id.namespace_name));
  return Object{
      {"apiVersion", Value()}, {"kind", Value(id.kind)}, {"metadata", Value(std::move(metadata))}};
}

// RFC 7396.
void merge_patch(Value& target, const Value& patch) {
  if (!patch.is_object()) {
    target = patch;
    return;
  }
  if (!target.is_object()) target = Object{};
  for (const auto& [key, value] : *patch.as_object()) {
    if (value.is_null()) {
      target.as_object()->erase(key);
    } else {
      merge_patch((*target.as_object())[key], value);
    }
  }
}

bool has_finalizers(const Value& object) {
  const Value* list = object.find("metadata", "finalizers");
  return list != nullptr && list->as_array() != nullptr && !list->as_array()->empty();
}

bool is_terminating(const Value& object) {
  return !object.text_at("metadata", "deletionTimestamp").empty();
}

// What else than metadata and status is in the object: its generation counts the changes of it.
Object content_of(const Value& object) {
  Object content = *object.as_object();
  content.erase("metadata");
  content.erase("status");
  return content;
}

// Without when who wrote: that alone is no change.
Value without_times(Value object) {
  ManagedEntries entries = read_managed_fields(object);
  for (ManagedEntry& entry : entries) entry.time.clear();
  write_managed_fields(object, entries);
  return object;
}

Value established_status() {
  const auto condition = [](std::string_view type) {
    return Value(Object{{"type", Value(type)}, {"status", Value("True")}});
  };
  return Object{{"conditions", Array{condition("NamesAccepted"), condition("Established")}}};
}

}  // namespace

ResourceId id_of(const Value& object) {
  const std::string_view api_version = object.text_at("apiVersion");
  const std::size_t slash = api_version.find('/');
  return {.group = std::string(slash == std::string_view::npos ? std::string_view()
                                                               : api_version.substr(0, slash)),
          .kind = std::string(object.text_at("kind")),
          .namespace_name = std::string(object.text_at("metadata", "namespace")),
          .name = std::string(object.text_at("metadata", "name"))};
}

std::string FakeCluster::now_text() const {
  const auto now = std::chrono::floor<std::chrono::seconds>(loop_.clock().wall_now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", now);
}

Value FakeCluster::merge(const ResourceId& id, std::string_view manager, const Value& wanted) {
  const Value* before = find(id);
  Value merged = before == nullptr ? bare_object(id) : *before;
  ManagedEntries entries = read_managed_fields(merged);
  if (before != nullptr && entries.empty()) {
    ManagedEntry& unknown = entry_of(entries, "before-first-apply", "Update");
    unknown.fields = paths_of(fields_of(merged));
    unknown.time = now_text();
  }
  const ManagedEntries entries_before = read_managed_fields(merged);
  ManagedEntry& ours = entry_of(entries, manager, "Apply");

  const FieldValues live_fields = fields_of(merged);
  FieldValues wanted_fields = fields_of(wanted);
  std::erase_if(wanted_fields, [](const auto& field) { return field.first[0] == "f:status"; });
  for (const auto& [path, value] : wanted_fields) {
    const auto live = live_fields.find(path);
    if (live != live_fields.end() && live->second == value) continue;
    disown(entries, path, &ours);
    set_field(merged, path, value);
  }
  FieldSet given_up;
  for (const FieldPath& path : ours.fields) {
    const auto has_path = [&](const ManagedEntry& entry) {
      return &entry != &ours && entry.fields.contains(path);
    };
    const auto is_wanted = [&](const auto& field) { return overlap(field.first, path); };
    if (std::ranges::none_of(wanted_fields, is_wanted) && std::ranges::none_of(entries, has_path)) {
      given_up.insert(path);
    }
  }
  remove_fields(merged, given_up);
  ours.fields = paths_of(wanted_fields);

  const bool is_unchanged =
      before != nullptr && entries == entries_before && fields_of(merged) == fields_of(*before);
  if (is_unchanged) return *before;
  (*merged.as_object())["apiVersion"] = *wanted.find("apiVersion");
  ours.api_version = std::string(wanted.text_at("apiVersion"));
  ours.time = now_text();
  write_managed_fields(merged, entries);
  return merged;
}

Value FakeCluster::admitted(const ResourceId& id, Value object) const {
  const Value* before = find(id);
  if (on_admission) on_admission(id, object);
  // k8s.io/apiserver, IgnoreManagedFieldsTimestampsTransformer.
  if (before != nullptr && without_times(object) == without_times(*before)) return *before;
  const bool is_changed = before == nullptr || content_of(*before) != content_of(object);
  if (object.find("spec") == nullptr || !is_changed) return object;
  const Value* generation = object.find("metadata", "generation");
  std::int64_t count = 0;
  if (generation != nullptr && generation->as_number() != nullptr) {
    const std::string& text = generation->as_number()->text;
    std::from_chars(text.data(), text.data() + text.size(), count);
  }
  metadata_of(object).set("generation", Value(count + 1));
  return object;
}

void FakeCluster::store(const ResourceId& id, Value object) {
  const Value* before = find(id);
  Object& metadata = metadata_of(object);
  metadata.set("resourceVersion", Value(std::to_string(++last_version_)));
  if (before == nullptr) {
    metadata.set("uid", Value(fmt::format("uid-{}", last_version_)));
    metadata.set("creationTimestamp", Value(now_text()));
  }
  if (id.group_kind() == definition_kind) {
    object.as_object()->set("status", established_status());
    serve_definition(object);
  }
  Value known = before == nullptr ? Value() : *before;
  objects_.insert_or_assign(id, object);
  watches_.note(id, last_version_, std::move(known), std::move(object));
}

void FakeCluster::erase(const ResourceId& id) {
  const Value definition = id.group_kind() == definition_kind ? *find(id) : Value();
  if (id.group_kind() == GroupKind{"", "Namespace"}) {
    erase_all([&](const ResourceId& other) { return other.namespace_name == id.name; });
  }
  erase_all([&](const ResourceId& other) { return other == id; });
  if (definition.is_object()) {
    stop_serving({std::string(definition.text_at("spec", "group")),
                  std::string(definition.text_at("spec", "names", "kind"))});
  }
}

void FakeCluster::erase_all(const std::function<bool(const ResourceId&)>& is_meant) {
  for (auto entry = objects_.begin(); entry != objects_.end();) {
    if (!is_meant(entry->first)) {
      ++entry;
      continue;
    }
    watches_.note(entry->first, ++last_version_, std::move(entry->second), Value());
    entry = objects_.erase(entry);
  }
}

void FakeCluster::serve_definition(const Value& definition) {
  ServedKind kind{.group_kind = {std::string(definition.text_at("spec", "group")),
                                 std::string(definition.text_at("spec", "names", "kind"))},
                  .versions = {},
                  .plural = std::string(definition.text_at("spec", "names", "plural")),
                  .scope = definition.text_at("spec", "scope") == "Cluster" ? Scope::cluster
                                                                            : Scope::namespaced};
  const Value* versions = definition.find("spec", "versions");
  if (versions != nullptr && versions->as_array() != nullptr) {
    for (const Value& version : *versions->as_array()) {
      kind.versions.emplace_back(version.text_at("name"));
    }
  }
  serve(std::move(kind));
}

void FakeCluster::serve(ServedKind kind) {
  std::erase_if(kinds_, [&](const ServedKind& old) { return old.group_kind == kind.group_kind; });
  kinds_.push_back(std::move(kind));
}

void FakeCluster::hide(const GroupKind& group_kind) {
  std::erase_if(kinds_, [&](const ServedKind& kind) { return kind.group_kind == group_kind; });
  watches_.end(group_kind);
}

void FakeCluster::stop_serving(const GroupKind& group_kind) {
  erase_all([&](const ResourceId& id) { return id.group_kind() == group_kind; });
  hide(group_kind);
}

void FakeCluster::create(Value object, std::string_view manager) {
  const ResourceId id = id_of(object);
  assert(find(id) == nullptr);
  take_over(object, bare_object(id), manager, {}, now_text());
  store(id, admitted(id, std::move(object)));
}

void FakeCluster::edit(const ResourceId& id, std::string_view manager, const Value& patch,
                       std::string_view subresource) {
  assert(find(id) != nullptr);
  const Value before = *find(id);
  Value after = before;
  merge_patch(after, patch);
  // As kube-apiserver does it: an entry for the subresource scale has no time.
  const std::string time = subresource == "scale" ? std::string() : now_text();
  take_over(after, before, manager, subresource, time);
  if (is_terminating(after) && !has_finalizers(after)) return erase(id);
  after = admitted(id, std::move(after));
  if (after != before) store(id, std::move(after));
}

void FakeCluster::apply_as(std::string_view manager, const Value& object) {
  const ResourceId id = id_of(object);
  Value merged = admitted(id, merge(id, manager, object));
  const Value* before = find(id);
  if (before == nullptr || merged != *before) store(id, std::move(merged));
}

void FakeCluster::delete_object(const ResourceId& id) {
  const Value* object = find(id);
  assert(object != nullptr);
  if (!has_finalizers(*object)) return erase(id);
  if (is_terminating(*object)) return;
  Value terminating = *object;
  metadata_of(terminating).set("deletionTimestamp", Value(now_text()));
  store(id, std::move(terminating));
}

void FakeCluster::strip_managed_fields(const ResourceId& id) {
  assert(find(id) != nullptr);
  Value stripped = *find(id);
  metadata_of(stripped).erase("managedFields");
  store(id, std::move(stripped));
}

ResourceId FakeCluster::label_copy(const ResourceId& id, std::string_view name) {
  assert(find(id) != nullptr);
  ResourceId copy_id = id;
  copy_id.name = name;
  Value copy = bare_object(copy_id);
  copy.as_object()->set("apiVersion", *find(id)->find("apiVersion"));
  if (const Value* labels = find(id)->find("metadata", "labels")) {
    metadata_of(copy).set("labels", *labels);
  }
  create(std::move(copy), "copying-controller");
  return copy_id;
}

std::string FakeCluster::dump() const {
  Array objects;
  for (const auto& [id, object] : objects_) objects.push_back(object);
  return write_json(Object{{"lastVersion", Value(static_cast<std::int64_t>(last_version_))},
                           {"objects", Value(std::move(objects))}});
}

Result<void> FakeCluster::load(std::string_view json) {
  const Value dumped = TRY(read_json(json, "dump of a fake cluster"));
  const Value* last_version = dumped.find("lastVersion");
  const Value* objects = dumped.find("objects");
  if (last_version == nullptr || last_version->as_number() == nullptr || objects == nullptr ||
      objects->as_array() == nullptr) {
    return fail(ErrorKind::invalid, "not the dump of a fake cluster");
  }
  const std::string& text = last_version->as_number()->text;
  std::from_chars(text.data(), text.data() + text.size(), last_version_);
  kinds_ = plain_kinds();
  objects_.clear();
  for (const Value& object : *objects->as_array()) {
    const ResourceId id = id_of(object);
    if (id.group_kind() == definition_kind) serve_definition(object);
    objects_.emplace(id, object);
  }
  return {};
}

}  // namespace primocane
