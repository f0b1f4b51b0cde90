// SPDX-License-Identifier: Apache-2.0
#include "resource/apply_order.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace primocane {

namespace {

// fluxcd/pkg ssa/sort.go, ReconcileOrder: kinds by name, whatever their group.
constexpr std::array<std::string_view, 23> first_kinds = {"CustomResourceDefinition",
                                                          "Namespace",
                                                          "ClusterRole",
                                                          "ClusterClass",
                                                          "RuntimeClass",
                                                          "PriorityClass",
                                                          "StorageClass",
                                                          "VolumeSnapshotClass",
                                                          "IngressClass",
                                                          "GatewayClass",
                                                          "ClusterRoleBinding",
                                                          "ResourceQuota",
                                                          "ServiceAccount",
                                                          "Role",
                                                          "RoleBinding",
                                                          "ConfigMap",
                                                          "Secret",
                                                          "Service",
                                                          "LimitRange",
                                                          "Deployment",
                                                          "StatefulSet",
                                                          "CronJob",
                                                          "PodDisruptionBudget"};
constexpr std::array<std::string_view, 2> last_kinds = {"MutatingWebhookConfiguration",
                                                        "ValidatingWebhookConfiguration"};

// Kinds that are not listed stand between both lists.
std::size_t rank(std::string_view kind) {
  if (const auto* found = std::ranges::find(first_kinds, kind); found != first_kinds.end()) {
    return static_cast<std::size_t>(found - first_kinds.begin());
  }
  const auto* last = std::ranges::find(last_kinds, kind);
  if (last == last_kinds.end()) return first_kinds.size();
  return first_kinds.size() + 1 + static_cast<std::size_t>(last - last_kinds.begin());
}

}  // namespace

// fluxcd/pkg ssa/utils/is.go, IsClusterDefinition and IsClassDefinition.
StageKind stage_of(const GroupKind& group_kind) {
  const auto& [group, kind] = group_kind;
  if (kind == "CustomResourceDefinition" && group == "apiextensions.k8s.io") {
    return StageKind::foundations;
  }
  if (kind == "Namespace" && group.empty()) return StageKind::foundations;
  if (kind == "ClusterRole" && group == "rbac.authorization.k8s.io") return StageKind::foundations;
  if (kind.ends_with("Class")) return StageKind::classes;
  return StageKind::objects;
}

std::string_view to_string(StageKind stage) {
  switch (stage) {
    case StageKind::foundations:
      return "foundations";
    case StageKind::classes:
      return "classes";
    case StageKind::objects:
      return "objects";
  }
  return "objects";
}

bool applies_before(const ResourceId& a, const ResourceId& b) {
  const std::size_t rank_a = rank(a.kind);
  const std::size_t rank_b = rank(b.kind);
  return std::tie(rank_a, a.group, a.kind, a.namespace_name, a.name) <
         std::tie(rank_b, b.group, b.kind, b.namespace_name, b.name);
}

}  // namespace primocane
