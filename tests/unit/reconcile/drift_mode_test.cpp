// SPDX-License-Identifier: Apache-2.0
// Objects that are only watched: what is told and counted of them, and that nothing is written.
#include "resource/drift_mode.hpp"

#include "resource/well_known.hpp"
#include "support/agent_world.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>

using namespace primocane;
using namespace std::chrono_literals;

namespace {

using Requests = std::vector<std::string>;

std::string with_mode(std::string manifest, std::string_view mode) {
  const std::size_t end = manifest.find("metadata:\n") + std::string_view("metadata:\n").size();
  manifest.insert(end, fmt::format("  annotations: {{primocane.dev/drift: {}}}\n", mode));
  return manifest;
}

std::string watched(std::string_view name, std::string_view value = "v") {
  return with_mode(config_map_yaml(name, value), "detect");
}

std::string detected(const AgentWorld& world) {
  return world.world.events.messages(EventKind::drift_detected);
}

std::uint64_t counted(const AgentWorld& world) { return world.agent->status().counts.drifted; }

PassReport pass(AgentWorld& world) {
  return run_until_done(world.world.loop, world.agent->reconcile({}));
}

}  // namespace

TEST_CASE("what is only watched is left as somebody changed it, told once and counted") {
  AgentWorld world(watched("a") + config_map_yaml("b"));
  world.edit("a", "data: {k: other}");
  world.edit("b", "data: {k: other}");
  world.wait();
  CHECK(world.data("a") == "other");
  CHECK(world.data("b") == "v");
  CHECK(world.writes() == Requests{"apply ConfigMap/default/b"});
  CHECK(detected(world) ==
        "ConfigMap/default/a is not as Git says and is left so: fields of ours were taken (by "
        "kubectl-edit: .data.k)\n");
  CHECK(counted(world) == 1);
  for (int i = 0; i < 3; ++i) CHECK(pass(world).problems.empty());
  world.wait(10s);
  CHECK(world.writes().empty());
  CHECK(world.agent->status().state == AgentState::ready);
  CHECK(counted(world) == 1);
  int told = 0;
  for (const Event& event : world.world.events.events) {
    if (event.kind != EventKind::drift_detected) continue;
    ++told;
    CHECK(event.severity == Severity::warning);
    CHECK(event.manager == "kubectl-edit");
    CHECK(event.fields == ".data.k");
    CHECK(event.object == "ConfigMap/default/a");
  }
  CHECK(told == 1);
}

TEST_CASE("what is only watched and was deleted stays away, and nobody is asked for it again") {
  AgentWorld world(watched("a") + config_map_yaml("b"));
  world.world.cluster.delete_object(default_map("a"));
  world.wait();
  CHECK(world.data("a").empty());
  CHECK(detected(world) == "ConfigMap/default/a is not as Git says and is left so: was deleted\n");
  CHECK(counted(world) == 1);
  pass(world);
  CHECK(world.writes().empty());
  CHECK(world.data("a").empty());
}

TEST_CASE("a change in Git is applied to what is only watched, and ends its drift") {
  AgentWorld world(watched("a") + watched("gone"));
  world.edit("a", "data: {k: other}");
  world.world.cluster.delete_object(default_map("gone"));
  world.wait();
  CHECK(counted(world) == 2);
  world.world.commit('2', watched("a", "new") + watched("gone", "new"));
  pass(world);
  CHECK(world.data("a") == "new");
  CHECK(world.data("gone") == "new");
  CHECK(counted(world) == 0);
}

TEST_CASE("what is put right by hand is counted no longer, and told when it drifts again") {
  AgentWorld world(watched("a"));
  world.world.cluster.edit(default_map("a"), "kubectl-annotate",
                           yaml_value("metadata: {annotations: {mine: x}}"));
  world.wait();
  CHECK(counted(world) == 1);
  world.world.cluster.edit(default_map("a"), "kubectl-annotate",
                           yaml_value("metadata: {annotations: {mine: null}}"));
  world.wait();
  CHECK(counted(world) == 0);
  world.edit("a", "data: {k: other}");
  world.wait();
  CHECK(counted(world) == 1);
}

TEST_CASE("what leaves Git is counted no longer") {
  AgentWorld world(watched("a") + config_map_yaml("b"));
  world.edit("a", "data: {k: other}");
  world.wait();
  world.world.commit('2', config_map_yaml("b"));
  pass(world);
  CHECK(counted(world) == 0);
  CHECK(world.data("a").empty());
}

TEST_CASE("a Kustomization says it for its objects, and an object for itself") {
  PassWorld world;
  const std::string apps = kustomization_yaml("apps");
  const std::string content =
      config_map_yaml("a") + with_mode(config_map_yaml("corrected"), "correct");
  world.commit('1', config_map_yaml("top") + with_mode(apps, "detect"));
  world.folder('1', "apps", content);
  world.pass();
  for (const std::string_view name : {"a", "corrected", "top"}) {
    world.cluster.edit(default_map(name), "kubectl-edit", yaml_value("data: {k: other}"));
  }
  const auto value = [&world](std::string_view name) {
    return world.cluster.find(default_map(name))->text_at("data", "k");
  };
  PassReport report = world.pass();
  CHECK(report.counts.drifted == 1);
  CHECK(report.counts.failed == 0);
  CHECK(report.reverted == 2);
  CHECK(value("a") == "other");
  CHECK(value("corrected") == "v");
  CHECK(value("top") == "v");
  world.commit('2', config_map_yaml("top") + apps);
  world.folder('2', "apps", content);
  report = world.pass();
  CHECK(value("a") == "v");
  CHECK(report.counts.drifted == 0);
}

TEST_CASE(
    "another mode than the two is refused with its place in Git, and what is probably meant") {
  PassWorld world;
  world.commit('1', config_map_yaml("top") + with_mode(kustomization_yaml("apps"), "detct"));
  world.folder('1', "apps", config_map_yaml("a"));
  const PassReport report = world.pass();
  REQUIRE_FALSE(report.problems.empty());
  CHECK(report.problems.front().message.find("did you mean detect?") != std::string::npos);
}
