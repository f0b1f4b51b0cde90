// SPDX-License-Identifier: Apache-2.0
// Drift that is reverted between passes: what counts, what does not, and what is told.
#include "resource/well_known.hpp"
#include "support/agent_world.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <algorithm>

using namespace primocane;
using namespace std::chrono_literals;

namespace {

using Requests = std::vector<std::string>;

std::string told(const AgentWorld& world) {
  return world.world.events.messages(EventKind::drift_reverted);
}

const std::string in_a_namespace =
    "---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: home\n"
    "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n  namespace: home\n";

Value without_label() {
  return Object{
      {"metadata", Object{{"labels", Object{{std::string(applyset_part_of_label), Value()}}}}}};
}

}  // namespace

TEST_CASE("a change of a field of ours is reverted at once by one request, and told") {
  AgentWorld world(config_map_yaml("a"));
  world.edit("a", "data: {k: other}");
  world.wait();
  CHECK(world.data("a") == "v");
  CHECK(world.writes() == Requests{"apply ConfigMap/default/a"});
  CHECK(told(world) ==
        "ConfigMap/default/a reverted: fields of ours were taken (by kubectl-edit: .data.k)\n");
  REQUIRE(world.world.events.events.size() == 1);
  const Event& event = world.world.events.events.front();
  CHECK(event.kind == EventKind::drift_reverted);
  CHECK(event.manager == "kubectl-edit");
  CHECK(event.fields == ".data.k");
  CHECK(event.object == "ConfigMap/default/a");
  CHECK(event.kustomization == "primocane-system/root");
  CHECK(event.drifted);
  CHECK(event.duration);
  CHECK(world.agent->status().reverted == 1);
}

TEST_CASE("the echo of a revert is not taken for drift") {
  AgentWorld world(config_map_yaml("a"));
  for (int i = 0; i < 3; ++i) {
    world.edit("a", "data: {k: other}");
    world.wait(10s);
  }
  CHECK(world.writes().size() == 3);
  CHECK(world.agent->status().reverted == 3);
}

TEST_CASE("a key of ours that is removed comes back, and is named") {
  AgentWorld world(config_map_yaml("a"));
  world.edit("a", "data: {k: null}");
  world.wait();
  CHECK(world.data("a") == "v");
  CHECK(told(world).find(".data.k") != std::string::npos);
}

TEST_CASE("what a pass writes is no drift, of kinds that are not watched yet either") {
  AgentWorld world(config_map_yaml("a"));
  world.world.cluster.latency = 5ms;
  std::string manifests = config_map_yaml("a") + in_a_namespace;
  for (int i = 0; i < 20; ++i) {
    manifests += fmt::format(
        "---\napiVersion: v1\nkind: Service\nmetadata: {{name: s{}, namespace: home}}\n", i);
  }
  world.world.commit('2', manifests);
  // As a controller does with each of them.
  world.world.cluster.after_effect = [&world](std::string_view what) {
    if (what == "apply Namespace/home") {
      world.world.cluster.edit({"", "Namespace", "", "home"}, "a-controller",
                               yaml_value("{metadata: {annotations: {seen: yes}}}"));
    }
  };
  run_until_done(world.world.loop, world.agent->reconcile({}));
  world.wait(5s);
  CHECK(told(world).empty());
  Requests writes = world.writes();
  std::erase(writes, "apply ConfigMap/primocane-system/primocane-system.root");
  CHECK(writes.size() == 22);
}

TEST_CASE("what was deleted before its watch began is made again when it begins") {
  AgentWorld world(config_map_yaml("a"));
  const ResourceId service{"", "Service", "home", "s"};
  world.world.commit('2', config_map_yaml("a") + in_a_namespace +
                              "---\napiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: "
                              "home}\n");
  bool is_deleted = false;
  world.world.cluster.on_request = [&](const FakeRequest& request) -> std::optional<Error> {
    const bool is_first = request.verb == "watch" && request.id.kind == "Service" && !is_deleted;
    if (is_first) {
      is_deleted = true;
      world.world.cluster.delete_object(service);
    }
    return std::nullopt;
  };
  run_until_done(world.world.loop, world.agent->reconcile({}));
  world.wait();
  CHECK(is_deleted);
  CHECK(world.world.cluster.find(service) != nullptr);
}

TEST_CASE("an object that is deleted is made again") {
  AgentWorld world(config_map_yaml("a"));
  world.world.cluster.delete_object(default_map("a"));
  world.wait();
  CHECK(world.data("a") == "v");
  CHECK(told(world) == "ConfigMap/default/a reverted: was deleted\n");
}

TEST_CASE("an object that is being deleted comes back at once when it is gone") {
  AgentWorld world(config_map_yaml("a"));
  world.edit("a", "metadata: {finalizers: [example.org/slow]}", "a-controller");
  world.wait();
  world.world.cluster.delete_object(default_map("a"));
  world.wait(30s);
  CHECK(world.writes().empty());
  world.edit("a", "metadata: {finalizers: null}", "a-controller");
  world.wait();
  CHECK(world.data("a") == "v");
  CHECK(world.writes() == Requests{"apply ConfigMap/default/a"});
}

TEST_CASE("a label that is taken off is put on again, and the object is not said to be deleted") {
  AgentWorld world(config_map_yaml("a"));
  world.world.cluster.edit(default_map("a"), "kubectl-label", without_label());
  world.wait();
  const Value* object = world.world.cluster.find(default_map("a"));
  CHECK_FALSE(object->text_at("metadata", "labels", applyset_part_of_label).empty());
  CHECK(told(world).find("its ApplySet label was removed") != std::string::npos);
}

TEST_CASE("what a person's tool added is removed, what a controller added stays") {
  AgentWorld world(config_map_yaml("a"));
  world.edit("a", "data: {mine: x}", "kubectl-edit");
  world.wait();
  CHECK(world.data("a", "mine").empty());
  CHECK(world.writes() == Requests{"patch ConfigMap/default/a", "apply ConfigMap/default/a"});
  CHECK(told(world).find("fields were set by hand (by kubectl-edit: .data.mine)") !=
        std::string::npos);
  world.edit("a", "data: {theirs: x}", "a-controller");
  world.wait();
  CHECK(world.data("a", "theirs") == "x");
  CHECK(world.writes().empty());
}

TEST_CASE("an object that has lost its managedFields is applied again") {
  AgentWorld world(config_map_yaml("a"));
  world.world.cluster.strip_managed_fields(default_map("a"));
  world.wait();
  CHECK(told(world).find("managedFields were stripped") != std::string::npos);
}

TEST_CASE("status updates and copies of labels cause no request") {
  AgentWorld world(config_map_yaml("a"));
  world.world.cluster.edit(default_map("a"), "a-controller", yaml_value("status: {ok: true}"),
                           "status");
  world.world.cluster.label_copy(default_map("a"), "copy");
  world.wait(5s);
  CHECK(world.world.cluster.requests().empty());
}

TEST_CASE("a namespace that is deleted comes back with all its content, itself first") {
  AgentWorld world(in_a_namespace);
  world.world.cluster.delete_object({"", "Namespace", "", "home"});
  world.wait();
  CHECK(world.world.cluster.find({"", "ConfigMap", "home", "web"}) != nullptr);
  CHECK(world.writes() == Requests{"apply Namespace/home", "apply ConfigMap/home/web"});
}

TEST_CASE("a thousand objects that are deleted at once come back, their namespace first") {
  std::string manifests = in_a_namespace;
  for (int i = 0; i < 1'000; ++i) {
    manifests += fmt::format(
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: n{}, namespace: home}}\n", i);
  }
  AgentWorld world(manifests);
  world.world.cluster.delete_object({"", "Namespace", "", "home"});
  world.wait(2s);
  const Requests writes = world.writes();
  CHECK(writes.size() == 1'002);
  CHECK(writes.front() == "apply Namespace/home");
  CHECK(world.world.cluster.find({"", "ConfigMap", "home", "n999"}) != nullptr);
}

TEST_CASE("what happened while the connection was cut is reverted when it is back") {
  AgentWorld world(config_map_yaml("a") + config_map_yaml("b"));
  world.world.cluster.watches().cut();
  world.edit("a", "data: {k: other}");
  world.world.cluster.delete_object(default_map("b"));
  world.wait(1s);
  CHECK(world.data("a") == "v");
  CHECK(world.data("b") == "v");
  CHECK(world.agent->status().reverted == 2);
}

TEST_CASE("what happened while the server forgot it is reverted by beginning anew") {
  AgentWorld world(config_map_yaml("a") + config_map_yaml("b"));
  world.world.cluster.watches().cut();
  world.edit("a", "data: {k: other}");
  world.world.cluster.delete_object(default_map("b"));
  world.world.cluster.watches().compact();
  world.wait(1s);
  CHECK(world.data("a") == "v");
  CHECK(world.data("b") == "v");
}

TEST_CASE("an outage is told once, and what happened meanwhile is reverted within seconds") {
  AgentWorld world(config_map_yaml("a"));
  world.world.cluster.is_silent = true;
  world.world.cluster.silence = 100ms;
  world.world.cluster.watches().cut();
  world.edit("a", "data: {k: other}");
  world.wait(5min);
  CHECK(world.agent->status().state == AgentState::failing);
  CHECK(world.data("a") == "other");
  world.world.cluster.is_silent = false;
  world.wait(3s);
  CHECK(world.data("a") == "v");
  CHECK(world.agent->status().state == AgentState::ready);
  int told_unavailable = 0;
  for (const Event& event : world.world.events.events) {
    told_unavailable += event.kind == EventKind::cluster_unavailable ? 1 : 0;
  }
  CHECK(told_unavailable == 1);
}

TEST_CASE("what was changed while no agent ran is reverted by the next one") {
  AgentWorld world(config_map_yaml("a"));
  world.agent.reset();
  world.live.reset();
  world.edit("a", "data: {k: other}");
  world.restart();
  CHECK(world.data("a") == "v");
}

TEST_CASE("a pass without news asks the API server for nothing") {
  AgentWorld world(config_map_yaml("a"));
  world.wait(30s);
  world.world.cluster.forget_requests();
  run_until_done(world.world.loop, world.agent->reconcile({}));
  // The real API client knows what is served.
  CHECK(std::ranges::all_of(world.world.cluster.requests(),
                            [](const std::string& request) { return request == "discover"; }));
}

TEST_CASE("kinds are watched as they come into use and left when they go") {
  AgentWorld world(config_map_yaml("a"));
  const GroupKind secrets{"", "Secret"};
  CHECK(world.world.cluster.watches().is_watched({"", "ConfigMap"}));
  CHECK_FALSE(world.world.cluster.watches().is_watched(secrets));
  world.world.commit('2', config_map_yaml("a") +
                              "---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n"
                              "  namespace: default\n");
  run_until_done(world.world.loop, world.agent->reconcile({}));
  world.wait();
  CHECK(world.world.cluster.watches().is_watched(secrets));
  world.world.cluster.edit({"", "Secret", "default", "s"}, "kubectl-edit",
                           yaml_value("metadata: {labels: {x: y}}"));
  world.wait();
  CHECK(world.world.cluster.find({"", "Secret", "default", "s"})
            ->text_at("metadata", "labels", "x")
            .empty());
  world.world.commit('3', config_map_yaml("a"));
  run_until_done(world.world.loop, world.agent->reconcile({}));
  run_until_done(world.world.loop, world.agent->reconcile({}));
  world.wait();
  CHECK_FALSE(world.world.cluster.watches().is_watched(secrets));
}

TEST_CASE("what Git has changed is left to the pass") {
  AgentWorld world(config_map_yaml("a"));
  world.world.commit('2', config_map_yaml("a", "new"));
  world.edit("a", "data: {k: other}");
  world.wait();
  CHECK(world.data("a") == "v");  // the agent has not seen the commit yet
  run_until_done(world.world.loop, world.agent->reconcile({}));
  CHECK(world.data("a") == "new");
}

TEST_CASE(
    "an object that somebody changes again and again is reverted ever more rarely, and told") {
  AgentWorld world(config_map_yaml("a"));
  int reverts = 0;
  for (int i = 0; i < 120; ++i) {
    world.edit("a", fmt::format("data: {{k: other{}}}", i), "rival-controller");
    world.wait(1s);
    reverts += world.data("a") == "v" ? 1 : 0;
  }
  CHECK(reverts >= 10);
  CHECK(reverts <= 14);
  const std::string messages = world.world.events.messages(EventKind::drift_fought);
  CHECK(messages.find("rival-controller changes it again and again (.data.k)") !=
        std::string::npos);
  CHECK(world.agent->status().problems.front().object == "ConfigMap/default/a");
  // The last change is reverted once the rest is over.
  world.wait(5min);
  CHECK(world.data("a") == "v");
  world.wait(30min);
  run_until_done(world.world.loop, world.agent->reconcile({}));
  CHECK(world.agent->status().problems.empty());
}

TEST_CASE("a revert that the server refuses is told by a pass, and nothing is tried all the time") {
  AgentWorld world(config_map_yaml("a"));
  world.world.cluster.fail_next_applies(default_map("a"), {ErrorKind::denied, "a webhook says no"},
                                        1'000);
  world.edit("a", "data: {k: other}");
  world.wait(1min);
  CHECK(world.writes().size() < 10);
  REQUIRE_FALSE(world.agent->status().problems.empty());
  CHECK(world.agent->status().problems.front().message.find("a webhook says no") !=
        std::string::npos);
}

TEST_CASE("a kind that can't be looked at fails alone, also once the others are watched") {
  const std::string secret =
      "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: default}\n";
  AgentWorld world(config_map_yaml("a") + secret);
  world.world.cluster.on_request = [](const FakeRequest& request) -> std::optional<Error> {
    const bool is_read = request.verb == "watch" || request.verb == "list";
    if (!is_read || request.id.kind != "Secret") return std::nullopt;
    return Error{ErrorKind::denied, "secrets is forbidden"};
  };
  world.world.cluster.watches().cut();
  world.wait(5s);
  world.world.commit('2', config_map_yaml("a", "new") + secret);
  const PassReport report = run_until_done(world.world.loop, world.agent->reconcile({}));
  REQUIRE(report.problems.size() == 1);
  CHECK(report.problems.front().object == "Secret/default/s");
  CHECK(report.counts.failed == 1);
  CHECK(world.data("a") == "new");
}

TEST_CASE(
    "a deleted object that a pass made again after a refusal is made again the next time too") {
  AgentWorld world(config_map_yaml("a"));
  world.world.cluster.fail_next_applies(default_map("a"), {ErrorKind::denied, "a webhook is down"});
  world.world.cluster.delete_object(default_map("a"));
  world.wait(5s);
  REQUIRE(world.data("a") == "v");
  world.world.cluster.delete_object(default_map("a"));
  world.wait();
  CHECK(world.data("a") == "v");
}

TEST_CASE("a refused revert of an object whose status changes is not tried for each change") {
  AgentWorld world(config_map_yaml("a"));
  world.world.cluster.fail_next_applies(default_map("a"), {ErrorKind::denied, "a policy says no"},
                                        1'000);
  world.edit("a", "data: {k: other}");
  for (int i = 0; i < 60; ++i) {
    world.world.cluster.edit(default_map("a"), "a-controller",
                             yaml_value(fmt::format("status: {{n: {}}}", i)), "status");
    world.wait(1s);
  }
  CHECK(world.writes().size() < 10);
}

TEST_CASE("a correction that waits does not undo what a pass has written meanwhile") {
  AgentWorld world(config_map_yaml("a"));
  world.world.cluster.latency = 20ms;  // the correction asks first whether Flux runs
  world.edit("a", "data: {k: other}");
  world.world.commit('2', config_map_yaml("a", "new"));
  run_until_done(world.world.loop, world.agent->reconcile({}));
  world.wait(2s);
  CHECK(world.data("a") == "new");
}

TEST_CASE("a correction that waits does not make again what a pass has pruned") {
  AgentWorld world(config_map_yaml("a") + config_map_yaml("b"));
  world.world.cluster.latency = 20ms;
  world.world.commit('2', config_map_yaml("b"));
  world.edit("a", "data: {k: other}");
  run_until_done(world.world.loop, world.agent->reconcile({}));
  world.wait(2s);
  CHECK(world.world.cluster.find(default_map("a")) == nullptr);
}

TEST_CASE("a pass and a correction that find the same drift revert it once") {
  AgentWorld world(config_map_yaml("a"));
  world.world.cluster.latency = 20ms;
  world.edit("a", "data: {k: other}");
  run_until_done(world.world.loop, world.agent->reconcile({}));
  world.wait(2s);
  CHECK(world.data("a") == "v");
  CHECK(world.agent->status().reverted == 1);
}

TEST_CASE("what can't be looked up is left to a pass") {
  AgentWorld world(config_map_yaml("a"));
  int refusals = 1;
  world.world.cluster.on_request = [&](const FakeRequest& request) -> std::optional<Error> {
    const bool is_look_up = request.verb == "list" && request.id.name == "a";
    if (!is_look_up || refusals-- <= 0) return std::nullopt;
    return Error{ErrorKind::denied, "not now"};
  };
  world.world.cluster.delete_object(default_map("a"));
  world.wait(3s);
  CHECK(world.data("a") == "v");
}

TEST_CASE("an object that was replaced by another one is as Git says again") {
  AgentWorld world(config_map_yaml("a"));
  world.world.cluster.delete_object(default_map("a"));
  world.world.cluster.create(yaml_value(config_map_yaml("a", "theirs")), "kubectl-replace");
  world.wait();
  CHECK(world.data("a") == "v");
  CHECK(told(world).find("was replaced") != std::string::npos);
}

TEST_CASE("a parent that is deleted is made again") {
  AgentWorld world(config_map_yaml("a"));
  const ResourceId parent{"", "ConfigMap", "primocane-system", "primocane-system.root"};
  REQUIRE(world.world.cluster.find(parent) != nullptr);
  world.world.cluster.delete_object(parent);
  world.wait(3s);
  CHECK(world.world.cluster.find(parent) != nullptr);
}

TEST_CASE("what is suspended is not reverted") {
  AgentWorld world(kustomization_yaml("apps"));
  world.world.folder('2', "apps", config_map_yaml("a"));
  world.world.commit('2', kustomization_yaml("apps"));
  run_until_done(world.world.loop, world.agent->reconcile({}));
  REQUIRE(world.data("a") == "v");
  world.world.folder('3', "apps", config_map_yaml("a"));
  world.world.commit('3', kustomization_yaml("apps", "  suspend: true\n"));
  run_until_done(world.world.loop, world.agent->reconcile({}));
  world.edit("a", "data: {k: other}");
  world.wait(5s);
  CHECK(world.data("a") == "other");
}

TEST_CASE("a kind that may not be watched is told, and its drift reverted by passes") {
  AgentWorld world(config_map_yaml("a"));
  world.world.cluster.on_request = [](const FakeRequest& request) -> std::optional<Error> {
    if (request.verb != "watch" || request.id.namespace_name == "primocane-system") {
      return std::nullopt;
    }
    return Error{ErrorKind::denied, "configmaps is forbidden: cannot watch"};
  };
  world.world.cluster.watches().cut();
  world.wait(1min);
  CHECK(world.world.events.messages(EventKind::watch_failed).find("cannot watch") !=
        std::string::npos);
  world.edit("a", "data: {k: other}");
  world.wait();
  CHECK(world.data("a") == "other");
  run_until_done(world.world.loop, world.agent->reconcile({}));
  CHECK(world.data("a") == "v");
}

TEST_CASE("when renderings were given up a pass renders them again and reverts what drifts") {
  AgentWorld world(config_map_yaml("a"));
  world.wait(1min);
  world.agent->give_up_renderings();
  const std::uint64_t renderings = world.world.renderer.renderings;
  world.edit("a", "metadata: {annotations: {seen: now}}", "some-controller");
  world.wait();
  CHECK(world.world.renderer.renderings == renderings);
  world.edit("a", "data: {k: other}");
  world.wait(2s);
  CHECK(world.data("a") == "v");
  CHECK(world.writes() == Requests{"apply ConfigMap/default/a"});
  CHECK(world.world.renderer.renderings == renderings + 1);
  world.edit("a", "data: {k: other}");
  world.wait();
  CHECK(world.data("a") == "v");
}
