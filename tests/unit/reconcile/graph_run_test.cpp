// SPDX-License-Identifier: Apache-2.0
// What a pass over many Kustomizations costs, and what is rendered before its turn.
#include "reconcile/graph_run.hpp"

#include "support/pass_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {
namespace {

// A Kustomization of the folder of its name, which waits for `before` if that is not empty.
std::string link_yaml(std::string_view name, std::string_view before = {}) {
  if (before.empty()) return kustomization_yaml(name);
  return kustomization_yaml(name, fmt::format("  dependsOn: [{{name: {}}}]\n", before));
}

// Commits a chain of first and second, each with a ConfigMap of its name and `value`.
void commit_chain(PassWorld& world, char digit, std::string_view value = "v") {
  world.commit(digit, link_yaml("first") + link_yaml("second", "first"));
  world.folder(digit, "first", config_map_yaml("first", value));
  world.folder(digit, "second", config_map_yaml("second", value));
}

bool is_there(const PassWorld& world, std::string_view name) {
  return world.cluster.find(default_map(name)) != nullptr;
}

TEST_CASE("many new Kustomizations ask for the namespace of their parents once") {
  PassWorld world;
  std::string manifests;
  for (char name = 'a'; name <= 'j'; ++name) {
    manifests += link_yaml(std::string(1, name));
    world.folder('1', std::string(1, name), config_map_yaml(std::string(1, name)));
  }
  world.commit('1', manifests);
  CHECK(world.pass().problems.empty());
  CHECK(is_there(world, "j"));
  CHECK(std::ranges::count(world.cluster.requests(), "apply Namespace/primocane-system") == 1);
}

TEST_CASE("a namespace of parents that was deleted meanwhile is made again for a new one") {
  PassWorld world;
  world.commit('1', config_map_yaml("top"));
  world.pass();
  world.commit('2', config_map_yaml("top") + link_yaml("new"));
  world.folder('2', "new", config_map_yaml("new"));
  world.cluster.on_effect = [&world](std::string_view what) {
    if (what != "apply ConfigMap/primocane-system/primocane-system.root") return;
    world.cluster.on_effect = {};
    world.cluster.delete_object({"", "Namespace", "", "primocane-system"});
  };
  world.pass();
  CHECK(world.pass().problems.empty());
  CHECK(is_there(world, "new"));
}

TEST_CASE("parents are written while the cluster is looked at, and members after both") {
  PassWorld world;
  world.commit('1', link_yaml("a") + link_yaml("b"));
  world.folder('1', "a", config_map_yaml("a"));
  world.folder('1', "b", config_map_yaml("b"));
  world.cluster.latency = std::chrono::milliseconds(10);
  CHECK(world.pass().problems.empty());
  const std::vector<std::string>& requests = world.cluster.requests();
  const auto place = [&requests](std::string_view request) {
    return std::ranges::find(requests, request) - requests.begin();
  };
  CHECK(world.cluster.in_flight_max() > 2);  // there are two of each
  CHECK(place("list ConfigMap/default/b") < place("apply ConfigMap/default/a"));
  CHECK(place("apply ConfigMap/primocane-system/flux-system.b") <
        place("apply ConfigMap/default/a"));
  CHECK(place("apply ConfigMap/default/a") < std::ssize(requests));
}

TEST_CASE("nothing counts as compared when the cluster could not be looked at") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.cluster.on_request = [](const FakeRequest& request) -> std::optional<Error> {
    if (request.str() != "list ConfigMap") return std::nullopt;
    return Error{ErrorKind::unavailable, "no answer"};
  };
  const PassReport report = world.pass();
  CHECK_FALSE(report.has_compared);
  CHECK_FALSE(report.applied);
  CHECK_FALSE(is_there(world, "a"));
}

TEST_CASE("what comes next is rendered while what it waits for is applied, and only once") {
  PassWorld world;
  commit_chain(world, '1');
  world.cluster.latency = std::chrono::milliseconds(10);
  std::uint64_t rendered_before = 0;
  world.cluster.on_effect = [&](std::string_view what) {
    if (what == "apply ConfigMap/default/first") rendered_before = world.renderer.renderings;
  };
  CHECK(world.pass().problems.empty());
  CHECK(rendered_before == 3);
  CHECK(world.renderer.renderings == 3);
  CHECK(is_there(world, "second"));
}

TEST_CASE("what was rendered before its turn and has to wait desires what it did before") {
  PassWorld world;
  commit_chain(world, '1');
  world.pass();
  commit_chain(world, '2', "new");
  world.folder('2', "second", config_map_yaml("another"));
  world.cluster.fail_next_applies(default_map("first"), {ErrorKind::invalid, "refused"});
  world.pass();
  CHECK(is_there(world, "second"));
  CHECK_FALSE(is_there(world, "another"));
  world.pass();
  CHECK_FALSE(is_there(world, "second"));
  CHECK(is_there(world, "another"));
}

TEST_CASE("what can't be rendered before its turn is tried once, and told in its turn") {
  PassWorld world;
  world.commit('1', link_yaml("first") + link_yaml("second", "first"));
  world.folder('1', "first", config_map_yaml("first"));
  const PassReport report = world.pass();
  CHECK(world.renderer.renderings == 3);
  REQUIRE(report.problems.size() == 1);
  CHECK(report.problems.front().object == "Kustomization/flux-system/second");
}

TEST_CASE("an object moves to one for which the one that has it waits") {
  PassWorld world;
  world.commit('1', link_yaml("first") + link_yaml("second", "first"));
  world.folder('1', "first", config_map_yaml("first"));
  world.folder('1', "second", config_map_yaml("second") + config_map_yaml("moves"));
  CHECK(world.pass().problems.empty());
  world.commit('2', link_yaml("first") + link_yaml("second", "first"));
  world.folder('2', "first", config_map_yaml("first") + config_map_yaml("moves", "new"));
  world.folder('2', "second", config_map_yaml("second"));
  const PassReport report = world.pass();
  CHECK(report.problems.empty());
  CHECK_FALSE(report.is_waiting);
  REQUIRE(is_there(world, "moves"));
  CHECK(world.cluster.find(default_map("moves"))->text_at("data", "k") == "new");
}

TEST_CASE("an object that the one that waits still desires stays with it") {
  PassWorld world;
  world.commit('1', link_yaml("first") + link_yaml("second", "first"));
  world.folder('1', "first", config_map_yaml("first"));
  world.folder('1', "second", config_map_yaml("both", "second"));
  CHECK(world.pass().problems.empty());
  world.commit('2', link_yaml("first") + link_yaml("second", "first"));
  world.folder('2', "first", config_map_yaml("first") + config_map_yaml("both", "first"));
  world.folder('2', "second", config_map_yaml("both", "second"));
  const PassReport report = world.pass();
  REQUIRE(report.problems.size() == 1);
  CHECK(report.problems.front().message.find("flux-system/second") != std::string::npos);
  CHECK(world.cluster.find(default_map("both"))->text_at("data", "k") == "second");
}

TEST_CASE("a suspended Kustomization keeps nothing else from being pruned after a restart") {
  PassWorld world;
  world.commit('1', config_map_yaml("old") + config_map_yaml("top") + link_yaml("first"));
  world.folder('1', "first", config_map_yaml("first"));
  world.pass();
  const std::string suspended = link_yaml("first") + "  suspend: true\n";
  world.commit('2', config_map_yaml("old") + config_map_yaml("top") + suspended);
  world.folder('2', "first", config_map_yaml("else"));
  world.pass();
  world.restart();
  world.commit('3', config_map_yaml("top") + suspended);
  world.folder('3', "first", config_map_yaml("other"));
  CHECK(world.pass().problems.empty());
  CHECK(!is_there(world, "old"));
  CHECK(is_there(world, "first"));
  CHECK(!is_there(world, "other"));
}

TEST_CASE("what a suspended Kustomization contains is followed after a restart as well") {
  PassWorld world;
  world.commit('1', link_yaml("outer"));
  world.folder('1', "outer", config_map_yaml("outer") + link_yaml("inner"));
  world.folder('1', "inner", config_map_yaml("inner"));
  world.pass();
  world.restart();
  world.commit('2', link_yaml("outer") + "  suspend: true\n");
  world.folder('2', "outer", config_map_yaml("outer") + link_yaml("inner"));
  world.folder('2', "inner", config_map_yaml("inner", "w"));
  CHECK(world.pass().problems.empty());
  CHECK(world.cluster.find(default_map("inner"))->text_at("data", "k") == "w");
}

TEST_CASE("what a suspended or broken Kustomization contains survives a restart") {
  for (const bool is_broken : {false, true}) {
    PassWorld world;
    world.commit('1', link_yaml("outer"));
    world.folder('1', "outer", config_map_yaml("outer") + link_yaml("first"));
    world.folder('1', "first", config_map_yaml("first"));
    world.pass();
    // The set of `outer` is the same, so its parent goes on to tell the commit before.
    world.commit('2', link_yaml("outer"));
    world.folder('2', "outer", config_map_yaml("outer") + link_yaml("first") + link_yaml("later"));
    world.folder('2', "first", config_map_yaml("first"));
    world.folder('2', "later", config_map_yaml("later"));
    world.pass();
    REQUIRE(is_there(world, "later"));
    world.commit('3', link_yaml("outer") + (is_broken ? "" : "  suspend: true\n"));
    world.folder('3', "outer", is_broken ? "kind: [" : config_map_yaml("outer"));
    world.folder('3', "first", config_map_yaml("first"));
    world.folder('3', "later", config_map_yaml("later"));
    world.restart();
    world.pass();
    world.pass();
    CAPTURE(is_broken);
    CHECK(is_there(world, "first"));
    CHECK(is_there(world, "later"));
  }
}

// Without `prune` of its own.
std::string keeping_yaml(std::string_view name) {
  std::string text = link_yaml(name);
  text.replace(text.find("prune: true"), 11, "prune: false");
  return text;
}

TEST_CASE("what leaves a Kustomization that does not prune leaves its objects, to any depth") {
  PassWorld world;
  world.commit('1', keeping_yaml("outer"));
  world.folder('1', "outer", config_map_yaml("outer") + link_yaml("inner"));
  world.folder('1', "inner", config_map_yaml("inner") + link_yaml("innermost"));
  world.folder('1', "innermost", config_map_yaml("innermost"));
  CHECK(world.pass().problems.empty());
  world.commit('2', keeping_yaml("outer"));
  world.folder('2', "outer", config_map_yaml("outer"));
  world.pass();
  CHECK(world.pass().problems.empty());
  CHECK(is_there(world, "inner"));
  CHECK(is_there(world, "innermost"));
}

}  // namespace
}  // namespace primocane
