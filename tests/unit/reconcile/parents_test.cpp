// SPDX-License-Identifier: Apache-2.0
// What a pass does about a parent that others have touched, and what it learns from one.
#include "reconcile/parents.hpp"

#include "support/pass_world.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace primocane {
namespace {

const ResourceId parent_id{"", "ConfigMap", "primocane-system", "primocane-system.root"};
constexpr std::string_view secret_yaml =
    "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: default}\n";
const ResourceId secret{"", "Secret", "default", "s"};

TEST_CASE("a member whose kind left Git while the parent was deleted is pruned all the same") {
  PassWorld world;
  world.commit('1', config_map_yaml("a") + std::string(secret_yaml));
  world.pass();
  world.cluster.delete_object(parent_id);
  world.commit('2', config_map_yaml("a"));
  world.pass();
  world.pass();
  CHECK(world.cluster.find(secret) == nullptr);
  CHECK(world.cluster.find(default_map("a")) != nullptr);
}

TEST_CASE("a parent that lost its label is found by its name, with all it says") {
  PassWorld world;
  world.commit('1', config_map_yaml("a") + std::string(secret_yaml));
  world.pass();
  world.cluster.edit(parent_id, "kubectl-label",
                     yaml_value("metadata: {labels: {applyset.kubernetes.io/id: null}}"));
  world.store.states.clear();
  world.restart();
  world.commit('2', config_map_yaml("a"));
  world.pass();
  CHECK(world.cluster.find(secret) == nullptr);
  CHECK_FALSE(world.cluster.find(parent_id)
                  ->text_at("metadata", "labels", "applyset.kubernetes.io/id")
                  .empty());
}

TEST_CASE("another tool's parent of our name is a conflict and stays as it is") {
  PassWorld world;
  world.cluster.create(yaml_value(R"(
apiVersion: v1
kind: Namespace
metadata: {name: primocane-system}
)"));
  world.cluster.create(yaml_value(R"(
apiVersion: v1
kind: ConfigMap
metadata:
  name: primocane-system.root
  namespace: primocane-system
  annotations: {applyset.kubernetes.io/tooling: kubectl/v1.35.0}
)"));
  world.commit('1', config_map_yaml("a"));
  const PassReport report = world.pass();
  CHECK(report.worst == ErrorKind::conflict);
  CHECK(world.cluster.find(parent_id)->text_at(
            "metadata", "annotations", "applyset.kubernetes.io/tooling") == "kubectl/v1.35.0");
  CHECK(world.cluster.find(default_map("a")) == nullptr);
}

TEST_CASE("a parent that somebody changed since it was read is not written over") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.commit('2', config_map_yaml("a", "new"));
  bool is_done = false;
  world.cluster.on_effect = [&](std::string_view what) {
    const bool is_parent = what == "apply ConfigMap/primocane-system/primocane-system.root";
    if (!is_parent || std::exchange(is_done, true)) return;
    world.cluster.edit(parent_id, "another", yaml_value("metadata: {annotations: {x: y}}"));
  };
  CHECK(world.pass().worst == ErrorKind::conflict);
  CHECK(world.cluster.find(default_map("a"))->text_at("data", "k") == "v");
  CHECK(world.pass().problems.empty());
  CHECK(world.cluster.find(default_map("a"))->text_at("data", "k") == "new");
}

TEST_CASE("a confirmation that waits is known to an agent on another card") {
  PassWorld world;
  world.settings.prune.deletions_max = 1;
  world.commit('1', config_map_yaml("a") + config_map_yaml("b") + config_map_yaml("c") +
                        config_map_yaml("d"));
  world.pass();
  world.commit('2', config_map_yaml("a", "new") + config_map_yaml("d"));
  const std::string hash = world.pass().confirm_prune;
  world.commit('3', config_map_yaml("a", "newer") + config_map_yaml("d"));
  world.cluster.fail_next_applies(default_map("a"), {ErrorKind::invalid, "refused"});
  world.pass({.rewrite = Rewrite::refuse, .confirm_prune = hash});
  REQUIRE(world.cluster.find(default_map("b")) != nullptr);
  world.store.states.clear();
  world.restart();
  CHECK(world.pass().problems.empty());
  CHECK(world.cluster.find(default_map("b")) == nullptr);
  CHECK(world.cluster.find(parent_id)
            ->text_at("metadata", "annotations", "primocane.dev/confirmed-prune")
            .empty());
}

TEST_CASE("a card that knows nothing renders what the parent names while the newest is broken") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.commit('2', "apiVersion: v1\nkind: [");
  world.store.states.clear();
  world.restart();
  world.cluster.delete_object(default_map("a"));
  const PassReport report = world.pass();
  CHECK(report.worst == ErrorKind::invalid);
  CHECK(world.cluster.find(default_map("a")) != nullptr);
}

TEST_CASE("the namespace of the parents is refused as well where it is written into a namespace") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  world.commit('2', config_map_yaml("a", "new") +
                        "---\napiVersion: v1\nkind: Namespace\n"
                        "metadata: {name: primocane-system, namespace: home}\n");
  CHECK(world.pass().worst == ErrorKind::invalid);
  world.cluster.delete_object(default_map("a"));
  world.pass();
  REQUIRE(world.cluster.find(default_map("a")) != nullptr);
  CHECK(world.cluster.find(default_map("a"))->text_at("data", "k") == "v");
}

}  // namespace
}  // namespace primocane
