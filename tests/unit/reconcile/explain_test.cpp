// SPDX-License-Identifier: Apache-2.0
// Where objects come from and how they stand, as the agent tells it.
#include "reconcile/explain.hpp"

#include "support/agent_world.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>

using namespace primocane;
using namespace std::chrono_literals;

namespace {

Explained explained(const AgentWorld& world, std::string name, std::string kind = "configmap") {
  Result<Explained> told = world.agent->explain({.kind = std::move(kind), .name = std::move(name)});
  REQUIRE(told);
  return *std::move(told);
}

// The only object that is told.
Explanation explanation(const AgentWorld& world, std::string name, std::string kind = "configmap") {
  const Explained told = explained(world, std::move(name), std::move(kind));
  REQUIRE(told.objects.size() == 1);
  return told.objects.front();
}

}  // namespace

TEST_CASE("an object is explained by file, line, revision and Kustomization") {
  AgentWorld world(config_map_yaml("a"));
  const Explanation told = explanation(world, "a");
  CHECK(told.object == "ConfigMap/default/a");
  CHECK(told.api_version == "v1");
  CHECK(!told.file.empty());
  CHECK(told.line > 0);
  CHECK(told.revision == "main@sha1:" + std::string(40, '1'));
  CHECK(told.kustomization == "primocane-system/root");
  CHECK(told.containers.empty());
  CHECK(told.state == ObjectState::as_git_says);
  CHECK(told.trouble.empty());
}

TEST_CASE("a Kustomization is told with those in which it lies") {
  AgentWorld world(kustomization_yaml("apps"));
  world.world.folder('2', "apps", config_map_yaml("a"));
  world.world.commit('2', kustomization_yaml("apps"));
  run_until_done(world.world.loop, world.agent->reconcile({}));
  const Explanation told = explanation(world, "a");
  CHECK(told.kustomization == "flux-system/apps");
  CHECK(told.containers == std::vector<std::string>{"primocane-system/root"});
  CHECK(told.path == "apps");
  const Explanation followed = explanation(world, "apps", "Kustomization");
  CHECK(followed.state == ObjectState::followed);
  CHECK(followed.kustomization == "primocane-system/root");
  CHECK(followed.detail.starts_with("ready: True"));
}

TEST_CASE("what a suspended Kustomization desires is told as suspended") {
  AgentWorld world(kustomization_yaml("apps"));
  world.world.folder('2', "apps", config_map_yaml("a"));
  world.world.commit('2', kustomization_yaml("apps"));
  run_until_done(world.world.loop, world.agent->reconcile({}));
  world.world.folder('3', "apps", config_map_yaml("a"));
  world.world.commit('3', kustomization_yaml("apps", "  suspend: true\n"));
  run_until_done(world.world.loop, world.agent->reconcile({}));
  CHECK(explanation(world, "a").state == ObjectState::suspended);
  CHECK(explanation(world, "apps", "kustomization").state == ObjectState::suspended);
}

TEST_CASE("an object that the server refuses is told with why, and another one is not") {
  AgentWorld world(config_map_yaml("a"));
  world.world.cluster.fail_next_applies(default_map("b"), {ErrorKind::denied, "no room"}, 100);
  world.world.commit('2', config_map_yaml("a") + config_map_yaml("b"));
  run_until_done(world.world.loop, world.agent->reconcile({}));
  const Explanation told = explanation(world, "b");
  CHECK(told.state == ObjectState::failed);
  CHECK(told.detail.find("no room") != std::string::npos);
  CHECK(explanation(world, "a").state == ObjectState::as_git_says);
}

TEST_CASE("what Git changed and the server refused is told with its file of now") {
  AgentWorld world(config_map_yaml("a"));
  world.world.cluster.is_silent = true;
  world.world.commit('2', config_map_yaml("a", "new") + config_map_yaml("b"));
  run_until_done(world.world.loop, world.agent->reconcile({}));
  CHECK(explanation(world, "a").revision == "main@sha1:" + std::string(40, '2'));
  CHECK(explanation(world, "a").state == ObjectState::changed);
  CHECK(explanation(world, "b").state == ObjectState::not_applied);
}

TEST_CASE("what was deleted and can't be put right yet is told as drifted") {
  AgentWorld world(config_map_yaml("a"));
  world.world.cluster.fail_next_applies(default_map("a"), {ErrorKind::denied, "no room"}, 100);
  world.world.cluster.delete_object(default_map("a"));
  world.wait(10ms);
  const Explanation told = explanation(world, "a");
  CHECK((told.state == ObjectState::drifted || told.state == ObjectState::failed));
}

TEST_CASE("a fight is told with the other's name") {
  AgentWorld world(config_map_yaml("a"));
  for (int i = 0; i < 8; ++i) {
    world.edit("a", fmt::format("data: {{k: other{}}}", i));
    world.wait(100ms);
  }
  const Explanation told = explanation(world, "a");
  CHECK(told.state == ObjectState::fought);
  CHECK(told.detail.find("kubectl-edit") != std::string::npos);
}

TEST_CASE("who else wrote an object is told") {
  AgentWorld world(config_map_yaml("a"));
  world.edit("a", "data: {more: x}", "controller");
  world.wait();
  const Explanation told = explanation(world, "a");
  CHECK(told.state == ObjectState::as_git_says);
  CHECK(told.last_manager == "controller");
}

TEST_CASE("an object that nobody desires is not told, but what is called alike") {
  AgentWorld world(config_map_yaml("settings") + config_map_yaml("other"));
  const Explained told = explained(world, "setings");
  CHECK(told.objects.empty());
  CHECK(told.near == std::vector<std::string>{"ConfigMap/default/settings"});
  CHECK(explained(world, "settings", "Secret").near.empty());
}

TEST_CASE("namespace and group narrow down, and too many are refused") {
  std::string manifests;
  for (int i = 0; i < 21; ++i) {
    manifests += fmt::format(
        "---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: n{0}\n"
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n  namespace: n{0}\n",
        i);
  }
  AgentWorld world(manifests);
  const Result<Explained> all = world.agent->explain({.kind = "ConfigMap", .name = "web"});
  REQUIRE_FALSE(all);
  CHECK(all.error().kind == ErrorKind::invalid);
  const Result<Explained> one =
      world.agent->explain({.kind = "ConfigMap", .name = "web", .namespace_name = "n3"});
  REQUIRE(one);
  REQUIRE(one->objects.size() == 1);
  CHECK(one->objects.front().object == "ConfigMap/n3/web");
  const Result<Explained> other =
      world.agent->explain({.kind = "ConfigMap", .group = "apps", .name = "web"});
  REQUIRE(other);
  CHECK(other->objects.empty());
}
