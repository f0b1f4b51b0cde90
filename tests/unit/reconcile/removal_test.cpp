// SPDX-License-Identifier: Apache-2.0
// What becomes of a deletion when the object changes between the look and the DELETE.
#include "support/pass_world.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {
namespace {

// A world in which ConfigMap "gone" has left Git, and `meanwhile` happens just before its DELETE.
class RemovalWorld : public PassWorld {
 public:
  explicit RemovalWorld(std::function<void(FakeCluster&)> meanwhile) {
    commit('1', config_map_yaml("stays") + config_map_yaml("gone"));
    pass();
    commit('2', config_map_yaml("stays"));
    cluster.on_effect = [this, meanwhile = std::move(meanwhile)](std::string_view what) {
      if (what != "delete ConfigMap/default/gone" || std::exchange(has_happened_, true)) return;
      meanwhile(cluster);
    };
  }

 private:
  bool has_happened_ = false;
};

TEST_CASE("an object that was changed before its deletion is looked at again and deleted") {
  RemovalWorld world([](FakeCluster& cluster) {
    cluster.edit(default_map("gone"), "kubectl-edit", yaml_value("data: {k: other}"));
  });
  CHECK(world.pass().problems.empty());
  CHECK(world.cluster.find(default_map("gone")) == nullptr);
}

TEST_CASE("an object that ceased to be ours before its deletion stays") {
  RemovalWorld world([](FakeCluster& cluster) {
    cluster.edit(default_map("gone"), "kubectl-label",
                 yaml_value("metadata: {labels: {applyset.kubernetes.io/part-of: null}}"));
  });
  CHECK(world.pass().worst == ErrorKind::conflict);
  CHECK(world.cluster.find(default_map("gone")) != nullptr);
}

TEST_CASE("an object that was protected before its deletion stays") {
  RemovalWorld world([](FakeCluster& cluster) {
    cluster.edit(
        default_map("gone"), "kubectl-annotate",
        yaml_value("metadata: {annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}}"));
  });
  CHECK(world.pass().worst == ErrorKind::conflict);
  CHECK(world.cluster.find(default_map("gone")) != nullptr);
}

TEST_CASE("an object that was made anew before its deletion stays") {
  RemovalWorld world([](FakeCluster& cluster) {
    Value copy = *cluster.find(default_map("gone"));
    cluster.delete_object(default_map("gone"));
    cluster.create(std::move(copy));
  });
  CHECK(world.pass().worst == ErrorKind::conflict);
  CHECK(world.cluster.find(default_map("gone")) != nullptr);
}

TEST_CASE("an object that was deleted stays in the parent until it is seen to be gone") {
  PassWorld world;
  const ResourceId secret{"", "Secret", "default", "s"};
  const auto kinds = [&world] {
    const ResourceId parent{"", "ConfigMap", "primocane-system", "primocane-system.root"};
    return std::string(world.cluster.find(parent)->text_at(
        "metadata", "annotations", "applyset.kubernetes.io/contains-group-kinds"));
  };
  world.commit('1',
               config_map_yaml("a") +
                   "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: default, "
                   "finalizers: [example.org/hold]}\n");
  world.pass();
  world.commit('2', config_map_yaml("a"));
  CHECK(world.pass().problems.empty());
  CHECK(kinds() == "ConfigMap,Secret");
  world.pass();
  CHECK(kinds() == "ConfigMap,Secret");
  world.cluster.edit(secret, "holder", yaml_value("metadata: {finalizers: null}"));
  world.pass();
  CHECK(kinds() == "ConfigMap");
}

TEST_CASE("an object that somebody else deleted first is gone") {
  RemovalWorld world([](FakeCluster& cluster) { cluster.delete_object(default_map("gone")); });
  CHECK(world.pass().problems.empty());
}

// A world in which a Kustomization with WaitForTermination and an object that a finalizer holds
// left Git.
class LeavingWorld : public PassWorld {
 public:
  LeavingWorld() {
    commit('1', config_map_yaml("stays") +
                    "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
                    "metadata: {name: apps, namespace: flux-system}\nspec:\n  interval: 10m\n"
                    "  timeout: 3m\n  prune: false\n  deletionPolicy: WaitForTermination\n"
                    "  path: apps\n"
                    "  sourceRef: {kind: GitRepository, name: flux-system}\n");
    folder('1', "apps", config_map_yaml("gone") + config_map_yaml("held"));
    pass();
    cluster.edit(default_map("held"), "finalizer", yaml_value("metadata: {finalizers: [a/b]}"));
    commit('2', config_map_yaml("stays"));
  }
};

const KustomizationStatus* leaving_in(const PassReport& report) {
  for (const KustomizationStatus& status : report.kustomizations) {
    if (status.name.name == "apps") return &status;
  }
  return nullptr;
}

TEST_CASE("a set that waits for termination is there until its objects are gone") {
  LeavingWorld world;
  for (int i = 0; i < 2; ++i) {
    const PassReport report = world.pass();
    CHECK(report.problems.empty());
    CHECK(report.is_waiting);
    REQUIRE(leaving_in(report) != nullptr);
    CHECK(leaving_in(report)->readiness.ready == Ready::unknown);
    CHECK(leaving_in(report)->readiness.message ==
          "left Git; waits until ConfigMap/default/held is gone");
    CHECK(world.cluster.find(default_map("gone")) == nullptr);
  }
  world.restart();
  CHECK(world.pass().is_waiting);
  world.cluster.edit(default_map("held"), "finalizer", yaml_value("metadata: {finalizers: null}"));
  const PassReport report = world.pass();
  CHECK_FALSE(report.is_waiting);
  CHECK(leaving_in(report) == nullptr);
  CHECK(world.memory.leaving_since.empty());
}

TEST_CASE("a termination that takes longer than the timeout is told, and holds nothing up") {
  LeavingWorld world;
  world.pass();
  world.loop.run_for(std::chrono::minutes(3));
  const PassReport report = world.pass();
  REQUIRE(report.problems.size() == 1);
  CHECK(report.problems.front().object == "Kustomization/flux-system/apps");
  CHECK_FALSE(report.is_waiting);
  CHECK(leaving_in(report)->readiness.ready == Ready::no);
}

}  // namespace
}  // namespace primocane
