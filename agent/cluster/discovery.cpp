// SPDX-License-Identifier: Apache-2.0
// The formats: https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api and
// k8s.io/api/apidiscovery/v2/types.go.
#include "cluster/discovery.hpp"

#include "cluster/object_stream.hpp"
#include "document/json.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace primocane {

namespace {

std::span<const Value> list_at(const Value& value, std::string_view key) {
  const Value* list = value.find(key);
  if (list == nullptr || list->as_array() == nullptr) return {};
  return *list->as_array();
}

bool has_verb(const Value& resource, std::string_view verb) {
  return std::ranges::any_of(list_at(resource, "verbs"), [&](const Value& item) {
    return item.as_string() != nullptr && *item.as_string() == verb;
  });
}

void add_group(const Value& group, KindList& kinds) {
  const std::string name(group.text_at("metadata", "name"));  // "" is the core group
  for (const Value& version : list_at(group, "versions")) {
    if (version.text_at("freshness") == "Stale") continue;
    const ApiVersion api_version{name, std::string(version.text_at("version"))};
    for (const Value& resource : list_at(version, "resources")) {
      const Scope scope =
          resource.text_at("scope") == "Cluster" ? Scope::cluster : Scope::namespaced;
      kinds.add(api_version, resource.text_at("responseKind", "kind"), resource.text_at("resource"),
                scope, has_verb(resource, "list"));
    }
  }
}

bool is_true(const Value* value) {
  return value != nullptr && value->as_bool() != nullptr && *value->as_bool();
}

}  // namespace

void KindList::add(const ApiVersion& version, std::string_view kind, std::string_view plural,
                   Scope scope, bool can_list) {
  if (kind.empty() || plural.empty() || version.version.empty()) return;
  const GroupKind group_kind{version.group, std::string(kind)};
  const auto known = std::ranges::find(kinds_, group_kind, &ServedKind::group_kind);
  if (known == kinds_.end()) {
    kinds_.push_back({.group_kind = group_kind,
                      .versions = {version.version},
                      .plural = std::string(plural),
                      .scope = scope,
                      .can_list = can_list});
    return;
  }
  if (known->plural != plural) return;
  if (std::ranges::find(known->versions, version.version) != known->versions.end()) return;
  known->versions.push_back(version.version);
}

bool is_aggregated_discovery(std::string_view content_type) {
  return content_type.find("g=apidiscovery.k8s.io") != std::string_view::npos;
}

Result<void> read_aggregated_discovery(std::string_view json, KindList& kinds) {
  ObjectStream groups([&](std::string_view text) -> Result<void> {
    const Value group = TRY(read_json(text, "discovery"));
    add_group(group, kinds);
    return {};
  });
  TRY(groups.feed(json));
  return groups.finish();
}

Result<std::vector<ApiVersion>> read_version_list(std::string_view json) {
  const Value list = TRY(read_json(json, "discovery"));
  std::vector<ApiVersion> versions;
  const auto add = [&](std::string group, std::string_view version) {
    ApiVersion added{std::move(group), std::string(version)};
    if (version.empty() || std::ranges::find(versions, added) != versions.end()) return;
    versions.push_back(std::move(added));
  };
  for (const Value& version : list_at(list, "versions")) {
    if (version.as_string() != nullptr) add({}, *version.as_string());
  }
  for (const Value& group : list_at(list, "groups")) {
    const std::string name(group.text_at("name"));
    add(name, group.text_at("preferredVersion", "version"));
    for (const Value& version : list_at(group, "versions")) add(name, version.text_at("version"));
  }
  return versions;
}

Result<void> read_resource_list(std::string_view json, const ApiVersion& version, KindList& kinds) {
  const Value list = TRY(read_json(json, "discovery"));
  for (const Value& resource : list_at(list, "resources")) {
    const std::string_view name = resource.text_at("name");
    if (name.find('/') != std::string_view::npos) continue;  // a subresource
    const Scope scope = is_true(resource.find("namespaced")) ? Scope::namespaced : Scope::cluster;
    kinds.add(version, resource.text_at("kind"), name, scope, has_verb(resource, "list"));
  }
  return {};
}

}  // namespace primocane
