// SPDX-License-Identifier: Apache-2.0
#include "resource/live_object.hpp"

#include "document/json.hpp"
#include "resource/apply_entry.hpp"
#include "resource/handed_over_fields.hpp"
#include "resource/metadata.hpp"
#include "resource/well_known.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <span>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// Controllers that apply what Git or a chart holds, by their field managers.
constexpr std::array<std::string_view, 3> foreign_managers = {
    "kustomize-controller", "helm-controller", "argocd-controller"};

std::string_view annotation(const Value& object, std::string_view key) {
  return object.text_at("metadata", "annotations", key);
}

std::span<const Value> list_at(const Value& object, std::string_view key) {
  const Value* list = object.find("metadata", key);
  if (list == nullptr || list->as_array() == nullptr) return {};
  return *list->as_array();
}

std::optional<ApplyEntry> our_entry(const Value& object) {
  const auto entries = managed_entries(object);
  const auto found = std::ranges::find_if(entries, is_our_apply_entry);
  if (found == entries.end()) return std::nullopt;
  const Value* fields = found->find("fieldsV1");
  // fieldsV1 names a field "f:" + its name; FieldsV1 in k8s.io/apimachinery meta/v1 types.go.
  const std::string label = fmt::format("f:{}", applyset_part_of_label);
  return ApplyEntry{
      .fields = fingerprint(fields == nullptr ? std::string() : write_canonical_json(*fields)),
      .time = std::string(found->text_at("time")),
      .owns_part_of_label = fields != nullptr && fields->find("f:metadata", "f:labels",
                                                              std::string_view(label)) != nullptr};
}

bool is_foreign_entry(const Value& entry) {
  return !is_our_apply_entry(entry) && entry.text_at("subresource") != "status";
}

// Times of entries are RFC 3339 in UTC, so that they sort as text.
const Value* last_foreign_entry(const Value& object) {
  const Value* last = nullptr;
  for (const Value& entry : managed_entries(object)) {
    if (!is_foreign_entry(entry)) continue;
    if (last == nullptr || entry.text_at("time") >= last->text_at("time")) last = &entry;
  }
  return last;
}

// Whether it says who wrote something else than metadata and status.
bool is_about_content(const Value& entry) {
  if (!is_foreign_entry(entry)) return false;
  const Value* fields = entry.find("fieldsV1");
  if (fields == nullptr || !fields->is_object()) return false;
  return std::ranges::any_of(*fields->as_object(), [](const Object::Member& member) {
    return member.first != "f:metadata";
  });
}

ContentMark content_mark(const Value& object) {
  ContentMark mark;
  const Value* generation = object.find("metadata", "generation");
  if (generation == nullptr || generation->as_number() == nullptr) return mark;
  const std::string& text = generation->as_number()->text;
  std::from_chars(text.data(), text.data() + text.size(), mark.generation);
  for (const Value& entry : managed_entries(object)) {
    if (!is_about_content(entry)) continue;
    // The scale subresource leaves no time: whatever moved the generation, it may have been that.
    if (entry.text_at("time").empty()) mark.others += std::hash<std::int64_t>()(mark.generation);
    const std::string writer = fmt::format("{} {} {}", entry.text_at("manager"),
                                           entry.text_at("subresource"), entry.text_at("time"));
    mark.others = mark.others * 31 + std::hash<std::string>()(writer);
  }
  return mark;
}

// The status itself is not in the metadata, but who wrote which field of it. The time of completion
// is written once a Job succeeded, and only then (batch/v1 JobStatus).
bool is_complete_job(const Value& object, const GroupKind& group_kind) {
  if (group_kind != GroupKind{"batch", "Job"}) return false;
  return std::ranges::any_of(managed_entries(object), [](const Value& entry) {
    return entry.text_at("subresource") == "status" &&
           entry.find("fieldsV1", "f:status", "f:completionTime") != nullptr;
  });
}

bool has_controller_owner(const Value& object) {
  return std::ranges::any_of(list_at(object, "ownerReferences"), [](const Value& owner) {
    const Value* controller = owner.find("controller");
    return controller != nullptr && controller->as_bool() != nullptr && *controller->as_bool();
  });
}

std::optional<ForeignOwner> helm_owner(const Value& object) {
  const std::string_view release = annotation(object, "meta.helm.sh/release-name");
  const std::string_view managed_by =
      object.text_at("metadata", "labels", "app.kubernetes.io/managed-by");
  if (managed_by != "Helm" || release.empty()) return std::nullopt;
  return ForeignOwner{fmt::format("Helm release {}/{}",
                                  annotation(object, "meta.helm.sh/release-namespace"), release)};
}

std::optional<ForeignOwner> k3s_owner(const Value& object) {
  const std::string_view owner = annotation(object, "objectset.rio.cattle.io/owner-name");
  if (owner.empty()) return std::nullopt;
  return ForeignOwner{fmt::format("K3s object set {}", owner)};
}

// Tracking by annotation holds "<application>:<group>/<kind>:<namespace>/<name>". The label
// app.kubernetes.io/instance alone says nothing: charts and people write it too.
std::optional<ForeignOwner> argo_owner(const Value& object) {
  const std::string_view tracking = annotation(object, "argocd.argoproj.io/tracking-id");
  if (tracking.empty()) return std::nullopt;
  return ForeignOwner{
      fmt::format("Argo CD application {}", tracking.substr(0, tracking.find(':')))};
}

std::optional<ForeignOwner> foreign_manager(const Value& object) {
  for (const Value& entry : managed_entries(object)) {
    const auto found = std::ranges::find(foreign_managers, entry.text_at("manager"));
    if (found == foreign_managers.end() || !entry.text_at("subresource").empty()) continue;
    return ForeignOwner{std::string(*found)};
  }
  return std::nullopt;
}

std::optional<ForeignOwner> foreign_owner_of(const Value& object) {
  for (const auto find_owner : {helm_owner, k3s_owner, argo_owner, foreign_manager}) {
    if (auto owner = find_owner(object)) return owner;
  }
  return std::nullopt;
}

}  // namespace

Result<LiveObject> read_live_object(const Value& object, const GroupKind& group_kind) {
  const std::string_view name = object.text_at("metadata", "name");
  const std::string_view uid = object.text_at("metadata", "uid");
  if (name.empty() || uid.empty()) {
    return fail(ErrorKind::invalid,
                fmt::format("the server sent a {} without metadata.{}", to_string(group_kind),
                            name.empty() ? "name" : "uid"));
  }
  const Value* last = last_foreign_entry(object);
  return LiveObject{
      .id = {.group = group_kind.group,
             .kind = group_kind.kind,
             .namespace_name = std::string(object.text_at("metadata", "namespace")),
             .name = std::string(name)},
      .uid = std::string(uid),
      .resource_version = std::string(object.text_at("metadata", "resourceVersion")),
      .part_of = std::string(object.text_at("metadata", "labels", applyset_part_of_label)),
      .entry = our_entry(object),
      .has_controller_owner = has_controller_owner(object),
      .is_terminating = !object.text_at("metadata", "deletionTimestamp").empty(),
      .prune_disabled = is_prune_disabled(object),
      .is_excluded = is_excluded(object),
      .is_forced = is_forced(object),
      .foreign_owner = foreign_owner_of(object),
      .last_manager = std::string(last == nullptr ? "" : last->text_at("manager")),
      .last_manager_time = std::string(last == nullptr ? "" : last->text_at("time")),
      .tool = std::string(tool_with_fields(object)),
      .is_complete = is_complete_job(object, group_kind),
      .content = content_mark(object)};
}

bool is_member(const LiveObject& object, Declared declared) {
  if (object.part_of.empty()) return false;
  if (!object.entry || !object.entry->owns_part_of_label) return false;
  return !object.has_controller_owner || declared == Declared::yes;
}

}  // namespace primocane
