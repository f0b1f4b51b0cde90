// SPDX-License-Identifier: Apache-2.0
// Several server nodes: which of their agents acts, and what happens when it does not.
#include "support/pass_world.hpp"
#include "support/print.hpp"
#include "support/server_world.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>

using namespace primocane;
using namespace std::chrono_literals;

namespace {

using Writes = std::vector<std::string>;

bool has_written(const Writes& writes, std::string_view node) {
  return std::ranges::any_of(writes,
                             [node](const std::string& write) { return write.starts_with(node); });
}

}  // namespace

TEST_CASE("while nothing changes no server node writes") {
  ServerWorld world(3, config_map_yaml("x", "v1"));
  CHECK(world.data("x") == "v1");
  world.wait(1h);
  CHECK(world.writes().empty());
}

TEST_CASE("the first server node acts, the others leave it to that") {
  ServerWorld world(2, config_map_yaml("x", "v1"));
  world.edit("x", "data: {k: other}");
  world.wait(1s);
  CHECK(world.data("x") == "v1");
  CHECK(world.writes() == Writes{"a: apply ConfigMap/default/x"});
  world.commit('2', config_map_yaml("x", "v2"), "ab");
  world.wait(70s);
  CHECK(world.data("x") == "v2");
  CHECK_FALSE(has_written(world.writes(), "b"));
  CHECK(world.node("b").events.messages(EventKind::node_silent).empty());
}

TEST_CASE("what a killed agent leaves undone the next one does after 30 s, and names it") {
  ServerWorld world(2, config_map_yaml("x", "v1"));
  world.node("a").kill();
  world.edit("x", "data: {k: other}");
  world.wait(29s);
  CHECK(world.data("x") == "other");
  world.wait(2s);
  CHECK(world.data("x") == "v1");
  CHECK(world.node("b").events.messages(EventKind::node_silent).starts_with("node a is Ready"));
}

TEST_CASE(
    "values that changed on their way are reverted by the next node where the first does not") {
  ServerWorld world(
      2,
      "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: default\n"
      "spec: {paused: true}\n");
  const ResourceId web{"apps", "Deployment", "default", "web"};
  world.node("a").kill();
  world.cluster.on_admission = [&web](const ResourceId& id, Value& object) {
    if (id == web) object.as_object()->find("spec")->as_object()->set("paused", Value(false));
  };
  world.cluster.edit(web, "labeller", yaml_value("metadata: {labels: {x: y}}"));
  world.cluster.on_admission = nullptr;
  const auto is_paused = [&] {
    return *world.cluster.find(web)->find("spec", "paused") == Value(true);
  };
  world.wait(29s);
  CHECK_FALSE(is_paused());
  world.wait(2s);
  CHECK(is_paused());
}

TEST_CASE("the third of three waits for both before it") {
  ServerWorld world(3, config_map_yaml("x", "v1"));
  world.node("a").kill();
  world.node("b").kill();
  world.edit("x", "data: {k: other}");
  world.wait(59s);
  CHECK(world.data("x") == "other");
  world.wait(2s);
  CHECK(world.data("x") == "v1");
  CHECK(world.node("c").events.messages(EventKind::node_silent).starts_with("node a, b is Ready"));
}

TEST_CASE("when the first node is not Ready any more the next one acts at once") {
  ServerWorld world(2, config_map_yaml("x", "v1"));
  world.node("a").kill();
  world.edit("x", "data: {k: other}");
  world.wait(5s);
  CHECK(world.data("x") == "other");
  world.set_ready("a", false);
  world.wait(1s);
  CHECK(world.data("x") == "v1");
  CHECK(world.node("b").events.messages(EventKind::node_silent).empty());
}

TEST_CASE("a node whose Git is out of reach leaves a commit that another one has applied alone") {
  ServerWorld world(2, config_map_yaml("x", "v1"));
  world.node("a").repository.failure = Error{ErrorKind::denied, "401"};
  world.commit('2', config_map_yaml("x", "v2"), "ab");
  world.wait(3min);
  CHECK(world.data("x") == "v2");
  CHECK_FALSE(has_written(world.writes(), "a"));
  CHECK(world.node("b").events.messages(EventKind::node_silent).starts_with("node a is Ready"));
  // Neither flaps, and drift goes back to what is newer.
  world.wait(10min);
  CHECK(world.data("x") == "v2");
  CHECK(world.writes().empty());
  world.edit("x", "data: {k: other}");
  world.wait(40s);
  CHECK(world.data("x") == "v2");
  // Back again, it acts.
  world.node("a").repository.failure.reset();
  world.wait(2min);
  static_cast<void>(world.writes());
  world.edit("x", "data: {k: other}");
  world.wait(1s);
  CHECK(world.writes() == Writes{"a: apply ConfigMap/default/x"});
}

TEST_CASE("of two commits the newer one stays, whichever node has it") {
  const bool does_first_know = GENERATE(true, false);
  ServerWorld world(2, config_map_yaml("x", "v1"));
  world.commit('2', config_map_yaml("x", "v2"), does_first_know ? "a" : "b");
  world.wait(5min);
  CHECK(world.data("x") == "v2");
  static_cast<void>(world.writes());
  world.wait(10min);
  CHECK(world.writes().empty());
  CHECK(world.data("x") == "v2");
  world.commit('2', config_map_yaml("x", "v2"), does_first_know ? "b" : "a");
  world.wait(5min);
  CHECK(world.data("x") == "v2");
}

TEST_CASE("a commit that has nothing to do with what another node applied is refused") {
  ServerWorld world(2, config_map_yaml("x", "v1"));
  world.commit('2', config_map_yaml("x", "v2"), "b");
  world.wait(3min);
  REQUIRE(world.data("x") == "v2");
  world.commit('3', config_map_yaml("x", "v3"), "a");
  world.wait(3min);
  CHECK(world.data("x") == "v2");
  const std::vector<Problem>& problems = world.node("a").agent->status().problems;
  REQUIRE_FALSE(problems.empty());
  CHECK(problems.front().message.find("node b has applied commit 2222") != std::string::npos);
}

TEST_CASE("a node that was cut off finds out what the others did meanwhile") {
  ServerWorld world(2, config_map_yaml("x", "v1"));
  world.node("a").cut();
  world.cluster.watches().cut();
  world.set_ready("a", false);
  world.commit('2', config_map_yaml("x", "v2") + config_map_yaml("y", "v2"), "ab");
  world.wait(3min);
  CHECK(world.data("x") == "v2");
  world.node("a").join();
  world.set_ready("a", true);
  world.wait(3min);
  CHECK(world.data("x") == "v2");
  static_cast<void>(world.writes());
  world.wait(10min);
  CHECK(world.writes().empty());
  world.edit("y", "data: {k: other}");
  world.wait(1s);
  CHECK(world.writes() == Writes{"a: apply ConfigMap/default/y"});
}

TEST_CASE("a node that starts anew leaves what another one keeps in order as it is") {
  ServerWorld world(2, config_map_yaml("x", "v1"));
  world.node("b").kill();
  world.node("b").start();
  world.wait(20s);
  CHECK(world.writes().empty());
}

TEST_CASE("what a person asks a node for is done by that node") {
  ServerWorld world(2, config_map_yaml("x", "v1"));
  world.node("a").kill();
  world.commit('2', config_map_yaml("x", "v2"), "ab");
  world.node("b").agent->trigger();
  world.wait(1s);
  CHECK(world.data("x") == "v2");
}

TEST_CASE("a node whose set another one claims in the middle of a pass writes no more of it") {
  ServerWorld world(2, config_map_yaml("x", "v1"));
  std::string many;
  for (int i = 0; i < 40; ++i) many += config_map_yaml("m" + std::to_string(10 + i), "v2");
  world.cluster.latency = 1s;
  world.commit('2', config_map_yaml("x", "v1") + many, "a");
  world.node("a").agent->trigger();
  while (world.node("a").cluster.writes.size() < 8) world.wait(100ms);
  world.cluster.edit(world.parent(), "primocane", yaml_value(R"(metadata: {annotations: {
      primocane.dev/written-by: b, primocane.dev/rendering: 00000000000000000000000000000000,
      primocane.dev/revision: "main@sha1:3333333333333333333333333333333333333333"}})"));
  world.wait(100ms);
  static_cast<void>(world.writes());
  world.wait(20s);
  CHECK(world.writes().empty());
  const std::vector<Problem>& problems = world.node("a").agent->status().problems;
  REQUIRE_FALSE(problems.empty());
  CHECK(problems.front().message.find("node b has applied commit 3333") != std::string::npos);
}

TEST_CASE("what the first node does elsewhere holds up nobody who waits for it") {
  ServerWorld world(2, config_map_yaml("x", "v1"));
  const auto commit = [&world](char digit, std::string_view value, std::string_view seen_by) {
    for (ServerNode& node : world.nodes) {
      if (seen_by.find(node.name) == std::string_view::npos) continue;
      node.repository.push(digit);
    }
    const std::string id = commit_of(digit).str();
    world.manifests.manifests[id] = kustomization_yaml("apps") + kustomization_yaml("other");
    world.manifests.manifests[id + "/apps"] = config_map_yaml("x", value);
    world.manifests.manifests[id + "/other"] = config_map_yaml("y", "v1");
    for (ServerNode& node : world.nodes) node.take(world.manifests);
  };
  commit('2', "v1", "ab");
  world.wait(5min);
  REQUIRE(world.data("y") == "v1");
  // The first one does not see the next commit, and has something to revert all the time.
  commit('3', "v2", "b");
  for (int i = 0; i < 12; ++i) {
    world.edit("y", "data: {k: other}");
    world.wait(20s);
  }
  CHECK(world.data("x") == "v2");
  CHECK(world.data("y") == "v1");
}
