// SPDX-License-Identifier: Apache-2.0
// What becomes of the objects of suspended Kustomizations: nothing at all.
#include "support/pass_world.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <ranges>
#include <string>
#include <string_view>

namespace primocane {
namespace {

constexpr std::string_view suspended = "  suspend: true\n";

bool has_map(const PassWorld& world, std::string_view name) {
  return world.cluster.find(default_map(name)) != nullptr;
}

bool has_parent(const PassWorld& world, std::string_view name) {
  const ResourceId id{"", "ConfigMap", "primocane-system", fmt::format("flux-system.{}", name)};
  return world.cluster.find(id) != nullptr;
}

std::string_view on_removal_of(const PassWorld& world, std::string_view name) {
  const ResourceId id{"", "ConfigMap", "primocane-system", fmt::format("flux-system.{}", name)};
  return world.cluster.find(id)->text_at("metadata", "annotations", "primocane.dev/on-removal");
}

// A world in which "apps" with ConfigMap "a" was applied and then suspended.
class SuspendedWorld : public PassWorld {
 public:
  SuspendedWorld() {
    commit('1', config_map_yaml("top") + kustomization_yaml("apps"));
    folder('1', "apps", config_map_yaml("a"));
    pass();
    commit('2', config_map_yaml("top") + kustomization_yaml("apps", suspended));
    folder('2', "apps", config_map_yaml("a"));
    pass();
  }
};

TEST_CASE("a suspended Kustomization that leaves Git leaves its objects") {
  SuspendedWorld world;
  world.commit('3', config_map_yaml("top"));
  CHECK(world.pass().problems.empty());
  CHECK(world.pass().problems.empty());
  CHECK(has_map(world, "a"));
}

TEST_CASE("a Kustomization that was resumed before it leaves Git takes its objects along") {
  SuspendedWorld world;
  world.commit('3', config_map_yaml("top") + kustomization_yaml("apps"));
  world.folder('3', "apps", config_map_yaml("a"));
  world.pass();
  CHECK(on_removal_of(world, "apps").empty());
  world.commit('4', config_map_yaml("top"));
  CHECK(world.pass().problems.empty());
  CHECK_FALSE(has_map(world, "a"));
}

TEST_CASE("that a Kustomization is suspended is written once") {
  SuspendedWorld world;
  CHECK(on_removal_of(world, "apps") == "orphan");
  const std::size_t requests = world.cluster.requests().size();
  world.pass();
  const auto later = world.cluster.requests() | std::views::drop(requests);
  CHECK(
      std::ranges::none_of(later, [](std::string_view what) { return what.starts_with("apply"); }));
}

TEST_CASE("what a suspended Kustomization contains stays as well when it leaves Git") {
  PassWorld world;
  world.commit('1', config_map_yaml("top") + kustomization_yaml("outer"));
  world.folder('1', "outer", kustomization_yaml("inner"));
  world.folder('1', "inner", config_map_yaml("inner"));
  world.pass();
  world.commit('2', config_map_yaml("top") + kustomization_yaml("outer", suspended));
  world.folder('2', "outer", kustomization_yaml("inner"));
  world.folder('2', "inner", config_map_yaml("inner"));
  world.pass();
  world.commit('3', config_map_yaml("top"));
  CHECK(world.pass().problems.empty());
  CHECK(world.pass().problems.empty());
  CHECK(has_map(world, "inner"));
}

TEST_CASE("a Kustomization that is annotated to stay leaves its objects when it leaves Git") {
  for (const std::string_view mark :
       {"prune: Disabled", "reconcile: disabled", "ssa: Ignore", "prune: enabled"}) {
    INFO(mark);
    PassWorld world;
    std::string apps = kustomization_yaml("apps", "  deletionPolicy: Delete\n");
    apps.insert(apps.find("spec:"),
                fmt::format("  annotations: {{kustomize.toolkit.fluxcd.io/{}}}\n", mark));
    world.commit('1', config_map_yaml("top") + apps);
    world.folder('1', "apps", config_map_yaml("a"));
    world.pass();
    REQUIRE(has_map(world, "a"));
    world.commit('2', config_map_yaml("top"));
    CHECK(world.pass().problems.empty());
    CHECK(has_map(world, "a") == (mark != "prune: enabled"));
  }
}

// The Kustomization of the configured path itself, suspended.
constexpr std::string_view suspended_root =
    "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n"
    "  name: flux-system\n  namespace: flux-system\nspec:\n  interval: 10m\n  prune: true\n"
    "  path: .\n  suspend: true\n  sourceRef: {kind: GitRepository, name: flux-system}\n";

TEST_CASE("where all is suspended, parents of what left Git and records of objects stay") {
  PassWorld world;
  const std::string root(suspended_root);
  std::string active = root;
  active.erase(active.find("  suspend: true\n"), 16);
  world.commit('1', active + config_map_yaml("top") + kustomization_yaml("apps"));
  world.folder('1', "apps", config_map_yaml("a"));
  world.pass();
  REQUIRE(world.memory.index.contains(default_map("a")));
  world.commit('2', root + config_map_yaml("top"));
  world.pass();
  CHECK(has_parent(world, "apps"));
  CHECK(world.memory.index.contains(default_map("a")));
  world.commit('3', active + config_map_yaml("top"));
  CHECK(world.pass().problems.empty());
  CHECK_FALSE(has_map(world, "a"));
}

}  // namespace
}  // namespace primocane
