// SPDX-License-Identifier: Apache-2.0
// What a preview of the whole graph shows: what a pass would change, though nothing was applied
// yet.
#include "reconcile/preview.hpp"

#include "support/pass_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {
namespace {

Preview preview_of(PassWorld& world, char digit) {
  Sources sources(world.repository, nullptr, world.loop.clock());
  sources.set_configured(
      run_until_done(world.loop, world.repository.resolve(std::string(40, digit))).value());
  Result<Preview> found = run_until_done(world.loop, preview({.loop = world.loop,
                                                              .repository = world.repository,
                                                              .renderer = world.renderer,
                                                              .cluster = world.cluster,
                                                              .sources = sources,
                                                              .keys = world.keys},
                                                             world.settings));
  REQUIRE(found.has_value());
  return std::move(*found);
}

// "create ConfigMap/default/a by flux-system/web", one for each.
std::vector<std::string> changes_of(const Preview& preview) {
  std::vector<std::string> texts;
  for (const PreviewedChange& change : preview.changes) {
    texts.push_back(fmt::format("{} {} by {}", to_string(change.action), to_string(change.id),
                                to_string(change.kustomization)));
  }
  return texts;
}

using Changes = std::vector<std::string>;

TEST_CASE("a preview shows what contained Kustomizations would change") {
  PassWorld world;
  world.commit('1', config_map_yaml("top") + kustomization_yaml("web"));
  world.folder('1', "web", config_map_yaml("a") + config_map_yaml("b"));
  world.pass();
  world.commit('2', config_map_yaml("top") + kustomization_yaml("web"));
  world.folder('2', "web", config_map_yaml("b", "w") + config_map_yaml("c"));
  const Preview preview = preview_of(world, '2');
  CHECK(changes_of(preview) == Changes{"change ConfigMap/default/b by flux-system/web",
                                       "create ConfigMap/default/c by flux-system/web",
                                       "remove ConfigMap/default/a by flux-system/web"});
  CHECK(preview.problems.empty());
  CHECK(preview.unchanged == 1);
}

TEST_CASE("a preview writes nothing") {
  PassWorld world;
  world.commit('1', config_map_yaml("top") + kustomization_yaml("web"));
  world.folder('1', "web", config_map_yaml("a"));
  CHECK(changes_of(preview_of(world, '1')).size() == 2);
  CHECK(world.cluster.find(default_map("top")) == nullptr);
  CHECK(world.cluster.find(default_map("a")) == nullptr);
}

TEST_CASE("an object that moves between Kustomizations is not shown as deleted") {
  PassWorld world;
  world.commit('1', config_map_yaml("top") + config_map_yaml("moves") + kustomization_yaml("web"));
  world.folder('1', "web", config_map_yaml("a"));
  world.pass();
  world.commit('2', config_map_yaml("top") + kustomization_yaml("web"));
  world.folder('2', "web", config_map_yaml("a") + config_map_yaml("moves"));
  const Changes changes = changes_of(preview_of(world, '2'));
  CHECK(std::ranges::none_of(changes,
                             [](const std::string& text) { return text.starts_with("remove"); }));
}

TEST_CASE("a suspended Kustomization would change nothing, and what it has stays") {
  PassWorld world;
  world.commit('1', config_map_yaml("top") + kustomization_yaml("web"));
  world.folder('1', "web", config_map_yaml("a"));
  world.pass();
  world.commit('2', config_map_yaml("top") + kustomization_yaml("web", "  suspend: true\n"));
  world.folder('2', "web", config_map_yaml("a", "w") + config_map_yaml("b"));
  CHECK(changes_of(preview_of(world, '2')).empty());
}

TEST_CASE("one that is for another cluster is a problem and loses nothing, the others go on") {
  PassWorld world;
  world.commit('1', config_map_yaml("top") + config_map_yaml("old") + kustomization_yaml("web"));
  world.folder('1', "web", config_map_yaml("a"));
  world.pass();
  world.commit('2', config_map_yaml("top", "w") + kustomization_yaml("web", "  kubeConfig: {}\n"));
  const Preview preview = preview_of(world, '2');
  CHECK(changes_of(preview) == Changes{"change ConfigMap/default/top by primocane-system/root",
                                       "remove ConfigMap/default/old by primocane-system/root"});
  REQUIRE(preview.problems.size() == 1);
  CHECK(preview.problems.front().object == "Kustomization/flux-system/web");
}

TEST_CASE("of one that can't be rendered nobody knows what it desires: nothing is deleted") {
  PassWorld world;
  world.commit('1', config_map_yaml("top") + config_map_yaml("old"));
  world.pass();
  world.commit('2', config_map_yaml("top", "w") + kustomization_yaml("web", "  wait: 3\n"));
  const Preview preview = preview_of(world, '2');
  CHECK(changes_of(preview) == Changes{"change ConfigMap/default/top by primocane-system/root"});
  CHECK(preview.prune.waits_for == KustomizationName{"flux-system", "web"});
}

}  // namespace
}  // namespace primocane
