// SPDX-License-Identifier: Apache-2.0
// What people set with kubectl is taken over, and goes where Git does not declare it.
#include "reconcile/fights.hpp"
#include "support/pass_world.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace primocane;

namespace {

using Requests = std::vector<std::string>;

// What was sent since the last time that may have written.
Requests writes(PassWorld& world) {
  Requests requests = world.cluster.requests();
  std::erase_if(requests, [](const std::string& request) {
    return request.starts_with("list") || request == "discover";
  });
  world.cluster.forget_requests();
  return requests;
}

bool has_data(const PassWorld& world, std::string_view key) {
  return world.cluster.find(default_map("a"))->find("data", key) != nullptr;
}

void add_by(PassWorld& world, std::string_view manager) {
  world.cluster.edit(default_map("a"), manager, yaml_value("data: {added: x}"));
}

const std::string merged_map = R"(---
apiVersion: v1
kind: ConfigMap
metadata: {name: a, namespace: default, annotations: {kustomize.toolkit.fluxcd.io/ssa: Merge}}
data: {k: v}
)";

}  // namespace

TEST_CASE("a field that kubectl added is removed, by one patch and one apply") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  add_by(world, "kubectl-edit");
  writes(world);
  const PassReport report = world.pass();
  CHECK(report.changes == 1);
  CHECK(report.reverted == 1);
  CHECK(writes(world) == Requests{"patch ConfigMap/default/a", "apply ConfigMap/default/a"});
  CHECK_FALSE(has_data(world, "added"));
  CHECK(world.cluster.find(default_map("a"))->text_at("data", "k") == "v");
  CHECK(world.events.messages(EventKind::drift_reverted)
            .find("fields were set by hand (by kubectl-edit)") != std::string::npos);
  CHECK(world.pass().changes == 0);
  CHECK(writes(world).empty());
}

TEST_CASE("a field that a controller added stays") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  add_by(world, "some-controller");
  CHECK(world.pass().changes == 0);
  CHECK(has_data(world, "added"));
}

TEST_CASE("an object that kubectl made loses what Git does not declare when it is adopted") {
  PassWorld world;
  world.cluster.create(
      yaml_value("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: default}, "
                 "data: {k: old, gone: x}}"),
      "kubectl-client-side-apply");
  world.commit('1', config_map_yaml("a"));
  CHECK(world.pass().problems.empty());
  CHECK(world.cluster.find(default_map("a"))->text_at("data", "k") == "v");
  CHECK_FALSE(has_data(world, "gone"));
  CHECK(world.pass().changes == 0);
}

TEST_CASE("an object that says Merge keeps what kubectl set, also when only Git says it yet") {
  PassWorld world;
  world.cluster.create(
      yaml_value("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: default}, "
                 "data: {k: old, mine: x}}"),
      "kubectl-create");
  world.commit('1', merged_map);
  world.pass();
  CHECK(has_data(world, "mine"));
  add_by(world, "kubectl-edit");
  CHECK(world.pass().changes == 0);
  CHECK(has_data(world, "added"));
  world.commit('2', config_map_yaml("a"));
  world.pass();
  world.pass();
  CHECK_FALSE(has_data(world, "added"));
  CHECK_FALSE(has_data(world, "mine"));
}

TEST_CASE("a restart that kubectl asked for is not taken back") {
  PassWorld world;
  const ResourceId web{"apps", "Deployment", "default", "web"};
  world.commit('1', R"(---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec: {template: {spec: {containers: [{name: web, image: nginx}]}}}
)");
  world.pass();
  world.cluster.edit(web, "kubectl-rollout",
                     yaml_value("spec: {template: {metadata: {annotations: "
                                "{kubectl.kubernetes.io/restartedAt: '2026-11-29T10:00:00Z'}}}}"));
  CHECK(world.pass().changes == 0);
  CHECK(world.cluster.find(web)->find("spec", "template", "metadata", "annotations",
                                      "kubectl.kubernetes.io/restartedAt") != nullptr);
}

TEST_CASE("an object without managedFields loses in the same pass what nobody declares") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  add_by(world, "some-controller");
  world.cluster.strip_managed_fields(default_map("a"));
  writes(world);
  world.pass();
  CHECK(writes(world) == Requests{"apply ConfigMap/default/a", "patch ConfigMap/default/a",
                                  "apply ConfigMap/default/a"});
  CHECK_FALSE(has_data(world, "added"));
  CHECK(world.pass().changes == 0);
}

TEST_CASE("an object that is written meanwhile is looked at again") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  add_by(world, "kubectl-edit");
  bool was_edited = false;
  world.cluster.on_effect = [&](std::string_view what) {
    if (was_edited || what != "patch ConfigMap/default/a") return;
    was_edited = true;
    world.cluster.edit(default_map("a"), "some-controller", yaml_value("data: {seen: x}"));
  };
  CHECK(world.pass().problems.empty());
  CHECK(was_edited);
  CHECK_FALSE(has_data(world, "added"));
  CHECK(has_data(world, "seen"));
}

TEST_CASE("what ends between the patch and the apply is finished by the next pass") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  add_by(world, "kubectl-edit");
  world.cluster.fail_next_applies(default_map("a"), {ErrorKind::denied, "not now"});
  CHECK(world.pass().counts.failed == 1);
  CHECK(has_data(world, "added"));
  world.restart();
  CHECK(world.pass().problems.empty());
  CHECK_FALSE(has_data(world, "added"));
}

TEST_CASE("an object that is written all the time is a conflict of that object alone") {
  PassWorld world;
  world.commit('1', config_map_yaml("a") + config_map_yaml("b"));
  world.pass();
  add_by(world, "kubectl-edit");
  int edits = 0;
  world.cluster.on_effect = [&](std::string_view what) {
    if (what != "patch ConfigMap/default/a") return;
    const Value patch = Object{{"data", Object{{"seen", Value(std::to_string(++edits))}}}};
    world.cluster.edit(default_map("a"), "some-controller", patch);
  };
  const PassReport report = world.pass();
  CHECK(edits == 4);
  CHECK(report.counts.failed == 1);
  CHECK(report.worst == ErrorKind::conflict);
  CHECK(report.problems.front().object == "ConfigMap/default/a");
}
