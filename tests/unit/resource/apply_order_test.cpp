// SPDX-License-Identifier: Apache-2.0
#include "resource/apply_order.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace primocane {

TEST_CASE("definitions, namespaces and cluster roles come before all else") {
  CHECK(stage_of({"apiextensions.k8s.io", "CustomResourceDefinition"}) == StageKind::foundations);
  CHECK(stage_of({"", "Namespace"}) == StageKind::foundations);
  CHECK(stage_of({"rbac.authorization.k8s.io", "ClusterRole"}) == StageKind::foundations);
}

TEST_CASE("every kind that ends in Class comes before what may name it") {
  CHECK(stage_of({"storage.k8s.io", "StorageClass"}) == StageKind::classes);
  CHECK(stage_of({"example.org", "PonyClass"}) == StageKind::classes);
  CHECK(stage_of({"example.org", "Classroom"}) == StageKind::objects);
}

TEST_CASE("kinds of other groups with the same name are plain objects") {
  CHECK(stage_of({"example.org", "Namespace"}) == StageKind::objects);
  CHECK(stage_of({"example.org", "ClusterRole"}) == StageKind::objects);
  CHECK(stage_of({"", "CustomResourceDefinition"}) == StageKind::objects);
  CHECK(stage_of({"rbac.authorization.k8s.io", "ClusterRoleBinding"}) == StageKind::objects);
}

TEST_CASE("stages run in the order of their values") {
  CHECK(StageKind::foundations < StageKind::classes);
  CHECK(StageKind::classes < StageKind::objects);
  CHECK(to_string(StageKind::foundations) == "foundations");
}

TEST_CASE("kinds are applied in Flux's order, those it does not list after Deployments") {
  const std::vector<std::string> kinds = {"CustomResourceDefinition",
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
                                          "PodDisruptionBudget",
                                          "Alpha",
                                          "Zulu",
                                          "MutatingWebhookConfiguration",
                                          "ValidatingWebhookConfiguration"};
  std::vector<ResourceId> ids;
  for (const std::string& kind : kinds) ids.push_back({"", kind, "", "a"});
  std::vector<ResourceId> sorted(ids.rbegin(), ids.rend());
  std::ranges::sort(sorted, applies_before);
  CHECK(sorted == ids);
}

TEST_CASE("objects of one rank are applied by group, kind, namespace and name") {
  const std::vector<ResourceId> ids = {{"a", "X", "n2", "b"},
                                       {"b", "A", "n1", "a"},
                                       {"b", "B", "n1", "b"},
                                       {"b", "B", "n2", "a"},
                                       {"b", "B", "n2", "b"}};
  std::vector<ResourceId> sorted(ids.rbegin(), ids.rend());
  std::ranges::sort(sorted, applies_before);
  CHECK(sorted == ids);
  CHECK_FALSE(applies_before(ids[0], ids[0]));
}

}  // namespace primocane
