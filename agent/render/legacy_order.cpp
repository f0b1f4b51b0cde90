// SPDX-License-Identifier: Apache-2.0
#include "render/legacy_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <utility>

namespace primocane {

namespace {

constexpr std::array<std::string_view, 22> first_kinds = {"Namespace",
                                                          "ResourceQuota",
                                                          "StorageClass",
                                                          "CustomResourceDefinition",
                                                          "ServiceAccount",
                                                          "PodSecurityPolicy",
                                                          "Role",
                                                          "ClusterRole",
                                                          "RoleBinding",
                                                          "ClusterRoleBinding",
                                                          "ConfigMap",
                                                          "Secret",
                                                          "Endpoints",
                                                          "Service",
                                                          "LimitRange",
                                                          "PriorityClass",
                                                          "PersistentVolume",
                                                          "PersistentVolumeClaim",
                                                          "Deployment",
                                                          "StatefulSet",
                                                          "CronJob",
                                                          "PodDisruptionBudget"};
constexpr std::array<std::string_view, 2> last_kinds = {"MutatingWebhookConfiguration",
                                                        "ValidatingWebhookConfiguration"};

std::string_view or_else(std::string_view text, std::string_view stand_in) {
  return text.empty() ? stand_in : text;
}

// What is compared of an object, read out of it once. "~G" and "~X" are kustomize's words for no
// group and no namespace.
struct SortKey {
  int rank;
  std::string type;
  std::string name;
  std::size_t index;  // of the object

  auto operator<=>(const SortKey&) const = default;
};

SortKey sort_key(const Resource& resource, std::size_t index) {
  const ResourceId& id = resource.id;
  return {.rank = legacy_rank(id.kind),
          .type = fmt::format("{}_{}_{}", or_else(id.group, "~G"), resource.version, id.kind),
          .name = fmt::format("{}|{}", or_else(id.namespace_name, "~X"), id.name),
          .index = index};
}

// Among kinds called Namespace the one of Kubernetes itself comes first, though "~" sorts last.
bool comes_before(const SortKey& a, const SortKey& b) {
  const bool are_namespaces = a.rank == legacy_rank("Namespace") && b.rank == a.rank;
  const bool has_core = a.type.starts_with("~G_") || b.type.starts_with("~G_");
  if (are_namespaces && has_core && a.type != b.type) return a.type > b.type;
  return a < b;
}

}  // namespace

int legacy_rank(std::string_view kind) {
  const auto* first = std::ranges::find(first_kinds, kind);
  if (first != first_kinds.end()) {
    return static_cast<int>(first - first_kinds.begin()) - static_cast<int>(first_kinds.size());
  }
  const auto* last = std::ranges::find(last_kinds, kind);
  return last == last_kinds.end() ? 0 : 1 + static_cast<int>(last - last_kinds.begin());
}

void sort_legacy(std::vector<Resource>& resources) {
  std::vector<SortKey> keys;
  keys.reserve(resources.size());
  for (const Resource& resource : resources) keys.push_back(sort_key(resource, keys.size()));
  std::ranges::sort(keys, comes_before);
  std::vector<Resource> sorted;
  sorted.reserve(resources.size());
  for (const SortKey& key : keys) sorted.push_back(std::move(resources[key.index]));
  resources = std::move(sorted);
}

}  // namespace primocane
