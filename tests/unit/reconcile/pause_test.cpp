// SPDX-License-Identifier: Apache-2.0
// Maintenance windows: what rests meanwhile, how they begin and end, and who keeps them.
#include "reconcile/pauses.hpp"
#include "resource/applyset.hpp"
#include "support/agent_world.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <algorithm>

using namespace primocane;
using namespace std::chrono_literals;

namespace {

using Asked = std::optional<std::chrono::seconds>;

ResourceId parent_of_root() {
  return {"", "ConfigMap", "primocane-system", "primocane-system.root"};
}

std::string_view said_until(const PassWorld& world, const ResourceId& id = parent_of_root()) {
  const Value* parent = world.cluster.find(id);
  REQUIRE(parent != nullptr);
  return parent->text_at("metadata", "annotations", "primocane.dev/suspended-until");
}

PassRequest request(PauseVerb verb, std::string name = {}, Asked duration = {}) {
  PassRequest request;
  request.pauses.push_back({.verb = verb, .kustomization = std::move(name), .duration = duration});
  return request;
}

PassReport suspend(AgentWorld& world, std::string name = {}, Asked duration = {}) {
  return run_until_done(world.world.loop, world.agent->reconcile(request(
                                              PauseVerb::suspend, std::move(name), duration)));
}

PassReport resume(AgentWorld& world, std::string name = {}) {
  return run_until_done(world.world.loop,
                        world.agent->reconcile(request(PauseVerb::resume, std::move(name))));
}

// Two Kustomizations beside the root, each with a ConfigMap of its name.
void commit_two(PassWorld& world, char digit, std::string_view value = "v") {
  world.commit(digit, config_map_yaml("top", value) + kustomization_yaml("apps") +
                          kustomization_yaml("infra"));
  world.folder(digit, "apps", config_map_yaml("apps", value));
  world.folder(digit, "infra", config_map_yaml("infra", value));
}

std::string_view value_of(const PassWorld& world, std::string_view name) {
  const Value* object = world.cluster.find(default_map(name));
  return object == nullptr ? std::string_view() : object->text_at("data", "k");
}

}  // namespace

TEST_CASE("while all is paused nothing is reverted, and afterwards it is") {
  AgentWorld world(config_map_yaml("a") + config_map_yaml("b"));
  const PassReport report = suspend(world);
  REQUIRE(report.pauses.size() == 1);
  REQUIRE(report.pauses.front().answer);
  CHECK(report.pauses.front().answer->is_root);
  CHECK(report.problems.empty());
  CHECK(said_until(world.world) == "further-notice");
  world.edit("a", "data: {k: other}");
  world.world.cluster.delete_object(default_map("b"));
  world.wait(3h);
  CHECK(world.data("a") == "other");
  CHECK(world.data("b").empty());
  CHECK(world.agent->status().state == AgentState::ready);
  CHECK(world.agent->status().kustomizations.front().is_suspended);
  CHECK(world.agent->status().kustomizations.front().suspended_until == "further-notice");
  REQUIRE(resume(world).pauses.front().answer);
  world.wait();
  CHECK(said_until(world.world).empty());
  CHECK(world.data("a") == "v");
  CHECK(world.data("b") == "v");
  CHECK_FALSE(world.agent->status().kustomizations.front().is_suspended);
  CHECK(world.world.events.messages(EventKind::reconciliation_suspended) ==
        "Kustomization/primocane-system/root is suspended until further notice, and all the others "
        "with it\n");
  CHECK(world.world.events.messages(EventKind::reconciliation_resumed) ==
        "Kustomization/primocane-system/root is resumed, and all the others with it\n");
}

TEST_CASE("a pause with an end ends by itself, at once") {
  AgentWorld world(config_map_yaml("a"));
  REQUIRE(suspend(world, {}, 20min).pauses.front().answer);
  world.edit("a", "data: {k: other}");
  world.wait(19min);
  CHECK(world.data("a") == "other");
  world.wait(1min + 2s);
  CHECK(world.data("a") == "v");
  CHECK(said_until(world.world).empty());
}

TEST_CASE("a pause that ends while the API server is away is no reason for pass after pass") {
  AgentWorld world(config_map_yaml("a"));
  REQUIRE(suspend(world, {}, 20min).pauses.front().answer);
  world.edit("a", "data: {k: other}");
  world.world.cluster.on_request = [](const FakeRequest&) -> std::optional<Error> {
    return Error{ErrorKind::unavailable, "no route to host"};
  };
  world.world.cluster.watches().cut();
  world.wait(21min);
  const std::uint64_t updates = world.world.repository.updates;
  world.wait(10min);
  CHECK(world.world.repository.updates - updates < 10);
  world.world.cluster.on_request = {};
  world.wait(1h);
  CHECK(world.data("a") == "v");
}

TEST_CASE("what Git says meanwhile is fetched and applied when the pause ends") {
  AgentWorld world(config_map_yaml("a") + config_map_yaml("gone"));
  suspend(world);
  world.world.commit('2', config_map_yaml("a", "new"));
  const PassReport report = run_until_done(world.world.loop, world.agent->reconcile({}));
  CHECK(report.fetched->commit == commit_of('2'));
  CHECK(world.data("a") == "v");
  CHECK(world.data("gone") == "v");
  resume(world);
  CHECK(world.data("a") == "new");
  CHECK(world.data("gone").empty());
}

TEST_CASE("a pause of one Kustomization is its own") {
  PassWorld world;
  commit_two(world, '1');
  world.pass();
  REQUIRE(world.pass(request(PauseVerb::suspend, "apps", 1h)).pauses.front().answer);
  commit_two(world, '2', "new");
  const PassReport report = world.pass();
  CHECK(report.problems.empty());
  CHECK(value_of(world, "top") == "new");
  CHECK(value_of(world, "infra") == "new");
  CHECK(value_of(world, "apps") == "v");
  REQUIRE(world.pass(request(PauseVerb::resume, "flux-system/apps")).pauses.front().answer);
  CHECK(value_of(world, "apps") == "new");
}

TEST_CASE("what leaves Git while it is paused stays, as what is suspended in Git does") {
  PassWorld world;
  commit_two(world, '1');
  world.pass();
  world.commit('2', config_map_yaml("top") + kustomization_yaml("infra"));
  world.folder('2', "infra", config_map_yaml("infra"));
  world.pass(request(PauseVerb::suspend, "apps"));
  world.pass();
  CHECK(value_of(world, "apps") == "v");
}

TEST_CASE("what leaves Git while all is paused goes when that ends") {
  PassWorld world;
  commit_two(world, '1');
  world.pass();
  world.pass(request(PauseVerb::suspend));
  world.commit('2', config_map_yaml("top") + kustomization_yaml("infra"));
  world.folder('2', "infra", config_map_yaml("infra"));
  world.pass();
  CHECK(value_of(world, "apps") == "v");
  world.pass(request(PauseVerb::resume));
  world.pass();
  CHECK(value_of(world, "apps").empty());
}

TEST_CASE("a card that knows nothing finds the pause in the cluster") {
  PassWorld world;
  commit_two(world, '1');
  world.pass();
  world.pass(request(PauseVerb::suspend));
  world.cluster.edit(default_map("apps"), "kubectl-edit", yaml_value("data: {k: other}"));
  world.store = MemoryStore();
  world.restart();
  commit_two(world, '2', "new");
  CHECK(world.pass().problems.empty());
  CHECK(value_of(world, "apps") == "other");
  CHECK(value_of(world, "top") == "v");
  world.pass(request(PauseVerb::resume));
  CHECK(value_of(world, "apps") == "new");
}

TEST_CASE("what was never applied can be paused") {
  PassWorld world;
  world.commit('1', config_map_yaml("top") + kustomization_yaml("apps", "  suspend: true\n"));
  world.folder('1', "apps", config_map_yaml("apps"));
  world.pass();
  const PassReport report = world.pass(request(PauseVerb::suspend, "apps"));
  REQUIRE(report.pauses.front().answer);
  CHECK(report.pauses.front().answer->is_suspended_in_git);
  CHECK(said_until(world, {"", "ConfigMap", "primocane-system", "flux-system.apps"}) ==
        "further-notice");
  world.commit('2', config_map_yaml("top") + kustomization_yaml("apps"));
  world.folder('2', "apps", config_map_yaml("apps"));
  CHECK(world.pass().problems.empty());
  CHECK(value_of(world, "apps").empty());
  world.pass(request(PauseVerb::resume, "apps"));
  CHECK(value_of(world, "apps") == "v");
}

TEST_CASE("a pause that somebody else writes is kept to before a pass has seen it") {
  AgentWorld world(config_map_yaml("a"));
  world.world.cluster.edit(
      parent_of_root(), "kubectl-annotate",
      yaml_value("metadata: {annotations: {primocane.dev/suspended-until: nonsense}}"));
  world.world.loop.run_until_idle();
  world.edit("a", "data: {k: other}");
  world.wait(10s);
  CHECK(world.data("a") == "other");
  // Whoever wrote it: it ends when that is asked for.
  REQUIRE(resume(world).pauses.front().answer);
  world.wait();
  CHECK(said_until(world.world).empty());
  CHECK(world.data("a") == "v");
}

TEST_CASE("a pause that somebody takes out of the parent by hand is over") {
  AgentWorld world(config_map_yaml("a"));
  suspend(world);
  world.edit("a", "data: {k: other}");
  world.wait(10s);
  world.world.cluster.edit(
      parent_of_root(), "kubectl-annotate",
      yaml_value("metadata: {annotations: {primocane.dev/suspended-until: null}}"));
  world.wait(3s);
  CHECK(world.data("a") == "v");
}

TEST_CASE("an unknown name is refused, with those that are known") {
  PassWorld world;
  commit_two(world, '1');
  world.pass();
  const PassReport report = world.pass(request(PauseVerb::suspend, "app"));
  const Result<PauseAnswer>& answer = report.pauses.front().answer;
  REQUIRE_FALSE(answer);
  CHECK(answer.error().kind == ErrorKind::invalid);
  CHECK(answer.error().message.find("did you mean apps?") != std::string::npos);
  CHECK(answer.error().message.find("flux-system/infra") != std::string::npos);
  CHECK(report.problems.empty());
}

TEST_CASE("a name that several have has to be said whole") {
  const std::set<KustomizationName> known{{"a", "apps"}, {"b", "apps"}, {"b", "web"}};
  CHECK_FALSE(find_named(known, "apps"));
  CHECK(find_named(known, "b/apps") == KustomizationName{"b", "apps"});
  CHECK(find_named(known, "web") == KustomizationName{"b", "web"});
}

TEST_CASE("where the API server does not answer nothing is paused, and that is said") {
  AgentWorld world(config_map_yaml("a"));
  world.world.cluster.is_silent = true;
  world.world.cluster.silence = 100ms;
  world.world.cluster.watches().cut();
  world.wait(5s);
  const PassReport report = suspend(world);
  REQUIRE_FALSE(report.pauses.front().answer);
  CHECK(report.pauses.front().answer.error().kind == ErrorKind::unavailable);
  world.world.cluster.is_silent = false;
  world.wait(10s);
  CHECK(said_until(world.world).empty());
}

TEST_CASE("a paused Kustomization causes neither writes nor passes without a pause between") {
  AgentWorld world(config_map_yaml("a"));
  suspend(world);
  world.wait(10s);
  world.world.cluster.forget_requests();
  const std::uint64_t updates = world.world.repository.updates;
  world.wait(3h);
  CHECK(world.writes().empty());
  CHECK(world.world.repository.updates - updates <= 4);
}

TEST_CASE("a pause outlives the parent that says it") {
  AgentWorld world(config_map_yaml("a"));
  suspend(world);
  world.wait(1min);
  world.world.cluster.delete_object(parent_of_root());
  world.edit("a", "data: {k: other}");
  world.wait(1min);
  CHECK(world.data("a") == "other");
  CHECK(said_until(world.world) == "further-notice");
  resume(world);
  CHECK(world.data("a") == "v");
}
