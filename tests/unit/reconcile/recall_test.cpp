// SPDX-License-Identifier: Apache-2.0
// What Kustomizations that do not run are known to desire and to contain, above all by an agent
// that has just started.
#include "reconcile/recall.hpp"

#include "support/pass_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>

namespace primocane {
namespace {

constexpr std::string_view suspended = "  suspend: true\n";

bool has_map(const PassWorld& world, std::string_view name) {
  return world.cluster.find(default_map(name)) != nullptr;
}

std::string waits_for(std::string_view name) {
  return fmt::format("  dependsOn: [{{name: {}}}]\n", name);
}

const KustomizationStatus* status_in(const PassReport& report, std::string_view name) {
  for (const KustomizationStatus& status : report.kustomizations) {
    if (status.name.name == name) return &status;
  }
  return nullptr;
}

TEST_CASE("a suspended container does not hold back what left Git elsewhere after a restart") {
  PassWorld world;
  const std::string others = config_map_yaml("top") + kustomization_yaml("gone");
  world.commit('1', others + kustomization_yaml("outer"));
  world.folder('1', "outer", kustomization_yaml("inner"));
  world.folder('1', "inner", config_map_yaml("inner"));
  world.folder('1', "gone", config_map_yaml("gone"));
  world.pass();
  world.commit('2', config_map_yaml("top") + kustomization_yaml("outer", suspended));
  world.folder('2', "inner", config_map_yaml("inner"));
  world.restart();
  CHECK(world.pass().problems.empty());
  CHECK_FALSE(has_map(world, "gone"));
  CHECK(has_map(world, "inner"));
}

TEST_CASE("one that waits for another does not hold back pruning after a restart") {
  PassWorld world;
  const auto commit = [&world](char digit, std::string_view top) {
    world.commit(digit, std::string(top) + kustomization_yaml("first") +
                            kustomization_yaml("second", waits_for("first")));
    world.folder(digit, "second", config_map_yaml("second") + kustomization_yaml("third"));
    world.folder(digit, "third", config_map_yaml("third"));
  };
  commit('1', config_map_yaml("top") + config_map_yaml("old"));
  world.folder('1', "first", config_map_yaml("first"));
  CHECK(world.pass().problems.empty());
  REQUIRE(has_map(world, "third"));
  commit('2', config_map_yaml("top"));
  world.folder('2', "first", "kind: [");
  world.restart();
  world.pass();
  CHECK_FALSE(has_map(world, "old"));
  CHECK(has_map(world, "second"));
  CHECK(has_map(world, "third"));
}

TEST_CASE("what moves to one that waits and never ran stays") {
  PassWorld world;
  world.commit('1', config_map_yaml("moves") + kustomization_yaml("first"));
  world.folder('1', "first", config_map_yaml("first"));
  world.pass();
  world.commit('2', config_map_yaml("top") + kustomization_yaml("first") +
                        kustomization_yaml("second", waits_for("first")));
  world.folder('2', "first", "kind: [");
  world.folder('2', "second", config_map_yaml("moves") + kustomization_yaml("third"));
  world.folder('2', "third", config_map_yaml("third"));
  world.pass();
  CHECK(has_map(world, "moves"));
  CHECK_FALSE(has_map(world, "third"));
}

TEST_CASE("what moves to one that still waits at a later commit stays as well") {
  PassWorld world;
  const auto commit = [&world](char digit, std::string_view top, std::string_view second) {
    world.commit(digit, std::string(top) + kustomization_yaml("first") +
                            kustomization_yaml("second", waits_for("first")));
    world.folder(digit, "first", "kind: [");
    world.folder(digit, "second", second);
  };
  commit('1', config_map_yaml("top") + config_map_yaml("moves"), config_map_yaml("second"));
  world.pass();
  commit('2', config_map_yaml("top"), config_map_yaml("second") + config_map_yaml("moves"));
  world.pass();
  CHECK(has_map(world, "moves"));
}

TEST_CASE("what one that is not served here any more contained survives a restart") {
  PassWorld world;
  world.commit('1', config_map_yaml("top") + kustomization_yaml("outer"));
  world.folder('1', "outer", config_map_yaml("outer") + kustomization_yaml("inner"));
  world.folder('1', "inner", config_map_yaml("inner"));
  world.pass();
  world.commit('2', config_map_yaml("top") + kustomization_yaml("outer", "  kubeConfig: {}\n"));
  world.restart();
  world.pass();
  world.pass();
  CHECK(has_map(world, "outer"));
  CHECK(has_map(world, "inner"));
}

TEST_CASE("what one that waits contains survives that its parent is deleted, and a restart") {
  PassWorld world;
  const auto commit = [&world](char digit, std::string_view first) {
    world.commit(digit, config_map_yaml("top") + kustomization_yaml("first") +
                            kustomization_yaml("outer", waits_for("first")));
    world.folder(digit, "first", first);
    world.folder(digit, "outer", kustomization_yaml("inner"));
    world.folder(digit, "inner", config_map_yaml("inner"));
  };
  commit('1', config_map_yaml("first"));
  world.pass();
  REQUIRE(has_map(world, "inner"));
  world.cluster.delete_object({"", "ConfigMap", "primocane-system", "flux-system.outer"});
  commit('2', "kind: [");
  world.restart();
  world.pass();
  CHECK(has_map(world, "inner"));
}

TEST_CASE("what a suspended Kustomization that never ran contains is not followed") {
  PassWorld world;
  world.commit('1', config_map_yaml("top") + kustomization_yaml("outer", suspended));
  world.folder('1', "outer", config_map_yaml("outer") + kustomization_yaml("inner"));
  world.folder('1', "inner", config_map_yaml("inner"));
  CHECK(world.pass().problems.empty());
  CHECK_FALSE(has_map(world, "outer"));
  CHECK_FALSE(has_map(world, "inner"));
  world.commit('2', config_map_yaml("top") + kustomization_yaml("outer"));
  world.folder('2', "outer", config_map_yaml("outer") + kustomization_yaml("inner"));
  world.folder('2', "inner", config_map_yaml("inner"));
  CHECK(world.pass().problems.empty());
  CHECK(has_map(world, "outer"));
  CHECK(has_map(world, "inner"));
}

TEST_CASE("one that is not served here holds back nothing") {
  for (const std::string_view more : {"  kubeConfig: {secretRef: {name: other}}\n", ""}) {
    PassWorld world;
    std::string elsewhere = kustomization_yaml("elsewhere", more);
    if (more.empty()) elsewhere.replace(elsewhere.find("GitRepository"), 13, "Bucket");
    world.commit('1', config_map_yaml("top") + config_map_yaml("old") + elsewhere);
    CHECK(world.pass().problems.size() == 1);
    world.commit('2', config_map_yaml("top") + elsewhere);
    world.pass();
    CAPTURE(more);
    CHECK_FALSE(has_map(world, "old"));
  }
}

TEST_CASE("one that can't be rendered and never was holds back pruning, which is told") {
  PassWorld world;
  world.commit('1', config_map_yaml("top") + config_map_yaml("old", "v") +
                        "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: "
                        "default}\n");
  world.pass();
  world.commit('2', config_map_yaml("top") + kustomization_yaml("broken"));
  world.pass();
  CHECK(has_map(world, "old"));
  CHECK(world.events.messages(EventKind::object_kept)
            .find("before it is known what Kustomization/flux-system/broken desires") !=
        std::string::npos);
  // No kind got lost meanwhile.
  world.restart();
  world.commit('3', config_map_yaml("top") + kustomization_yaml("broken"));
  world.folder('3', "broken", config_map_yaml("mended"));
  CHECK(world.pass().problems.empty());
  CHECK_FALSE(has_map(world, "old"));
  CHECK(world.cluster.find({"", "Secret", "default", "s"}) == nullptr);
}

TEST_CASE("a suspended one that was applied counts as ready after a restart") {
  PassWorld world;
  const std::string dependant = kustomization_yaml(
      "second",
      "  dependsOn:\n    - name: first\n      readyExpr: dep.status.conditions.exists(c, c.type == "
      "'Ready' && c.status == 'True')\n");
  world.commit('1', kustomization_yaml("first") + dependant);
  world.folder('1', "first", config_map_yaml("first"));
  world.folder('1', "second", config_map_yaml("second"));
  world.pass();
  world.commit('2', kustomization_yaml("first", suspended) + dependant);
  world.folder('2', "second", config_map_yaml("second", "new"));
  world.restart();
  const PassReport report = world.pass();
  REQUIRE(status_in(report, "first") != nullptr);
  CHECK(status_in(report, "first")->readiness.ready == Ready::yes);
  CHECK(world.cluster.find(default_map("second"))->text_at("data", "k") == "new");
}

}  // namespace
}  // namespace primocane
