// SPDX-License-Identifier: Apache-2.0
// Mutating admission: what it makes of our applies is told, and what it makes of objects while
// others write them is found out and reverted.
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

const ResourceId web{"apps", "Deployment", "default", "web"};

std::string web_yaml(std::string_view annotations = "{}") {
  return fmt::format(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: default\n"
      "  annotations: {}\nspec: {{paused: true}}\n",
      annotations);
}

// Sets spec.paused to `value` in all that is written, as a webhook would.
void force_paused(AgentWorld& world, bool value) {
  world.world.cluster.on_admission = [value](const ResourceId& id, Value& object) {
    if (id == web) object.as_object()->find("spec")->as_object()->set("paused", Value(value));
  };
}

// Somebody labels it, and a webhook changes another field on the way.
void alter(AgentWorld& world, std::string_view label) {
  force_paused(world, false);
  world.world.cluster.edit(web, "labeller",
                           yaml_value(fmt::format("metadata: {{labels: {{x: {}}}}}", label)));
  world.world.cluster.on_admission = nullptr;
}

// Applies and dry runs since the last call.
Requests sent(AgentWorld& world) {
  Requests sent;
  for (const std::string& request : world.world.cluster.requests()) {
    if (request.starts_with("apply ") || request.starts_with("dry-run ")) sent.push_back(request);
  }
  world.world.cluster.forget_requests();
  return sent;
}

bool is_paused_in(const AgentWorld& world) {
  return *world.world.cluster.find(web)->find("spec", "paused") == Value(true);
}

std::string told(const AgentWorld& world, EventKind kind) {
  return world.world.events.messages(kind);
}

}  // namespace

TEST_CASE("what admission makes of an apply is told once, and is no drift") {
  AgentWorld world(web_yaml());
  force_paused(world, false);
  world.world.commit('2', web_yaml("{a: b}"));
  run_until_done(world.world.loop, world.agent->reconcile({}));
  world.wait();
  CHECK(told(world, EventKind::admission_changed) ==
        "Deployment/default/web: the API server keeps other values than Git says: .spec.paused\n");
  (void)sent(world);
  world.wait(3h);
  CHECK(sent(world).empty());
  world.world.commit('3', web_yaml("{a: c}"));
  run_until_done(world.world.loop, world.agent->reconcile({}));
  world.wait();
  CHECK_FALSE(sent(world).empty());
  CHECK(told(world, EventKind::admission_changed) ==
        "Deployment/default/web: the API server keeps other values than Git says: .spec.paused\n");
}

TEST_CASE("a value that changes on its way, while another writes something else, is reverted") {
  AgentWorld world(web_yaml());
  alter(world, "one");
  CHECK_FALSE(is_paused_in(world));
  world.wait();
  CHECK(is_paused_in(world));
  CHECK(sent(world) == Requests{"dry-run Deployment/default/web", "apply Deployment/default/web"});
  CHECK(told(world, EventKind::drift_reverted) ==
        "Deployment/default/web reverted: its values were changed on their way (by labeller)\n");
}

TEST_CASE("what an entry explains is looked at by nobody") {
  AgentWorld world(web_yaml());
  world.world.cluster.edit(web, "autoscaler", yaml_value("spec: {replicas: 3}"));
  world.wait();
  world.world.cluster.edit(web, "labeller", yaml_value("metadata: {labels: {x: y}}"));
  world.world.cluster.edit(web, "controller", yaml_value("status: {replicas: 3}"), "status");
  world.wait();
  CHECK(sent(world).empty());
}

TEST_CASE("a webhook that undoes each change costs one dry run for each new generation") {
  AgentWorld world(web_yaml());
  force_paused(world, false);
  world.world.cluster.edit(web, "labeller", yaml_value("metadata: {labels: {x: y}}"));
  world.wait(1h);
  CHECK(sent(world) == Requests{"dry-run Deployment/default/web"});
  CHECK_FALSE(is_paused_in(world));
}

TEST_CASE("an object whose values changed on their way while it is paused is reverted afterwards") {
  AgentWorld world(web_yaml());
  world.world.cluster.edit(
      {"", "ConfigMap", "primocane-system", "primocane-system.root"}, "kubectl-annotate",
      yaml_value("metadata: {annotations: {primocane.dev/suspended-until: further-notice}}"));
  alter(world, "one");
  world.wait();
  CHECK_FALSE(is_paused_in(world));
  world.world.cluster.edit(
      {"", "ConfigMap", "primocane-system", "primocane-system.root"}, "kubectl-annotate",
      yaml_value("metadata: {annotations: {primocane.dev/suspended-until: null}}"));
  run_until_done(world.world.loop, world.agent->reconcile({}));
  world.wait();
  CHECK(is_paused_in(world));
}

TEST_CASE("while the API server does not answer the look waits, and comes after the next pass") {
  AgentWorld world(web_yaml());
  world.world.cluster.on_request = [](const FakeRequest& request) -> std::optional<Error> {
    if (request.verb != "dry-run") return std::nullopt;
    return Error{ErrorKind::unavailable, "overloaded"};
  };
  alter(world, "one");
  world.wait();
  CHECK_FALSE(is_paused_in(world));
  world.world.cluster.on_request = nullptr;
  run_until_done(world.world.loop, world.agent->reconcile({}));
  world.wait();
  CHECK(is_paused_in(world));
}

TEST_CASE("what is only watched is told when its values change on their way, and left so") {
  AgentWorld world(web_yaml("{primocane.dev/drift: detect}"));
  alter(world, "one");
  world.wait();
  CHECK_FALSE(is_paused_in(world));
  CHECK(world.agent->status().counts.drifted == 1);
  alter(world, "two");
  world.world.cluster.edit(web, "labeller", yaml_value("spec: {minReadySeconds: 1}"));
  world.wait();
  CHECK(world.agent->status().counts.drifted == 1);
  const std::string records = told(world, EventKind::drift_detected);
  CHECK(std::ranges::count(records, '\n') == 1);
  world.world.cluster.on_admission = [](const ResourceId& id, Value& object) {
    if (id == web) object.as_object()->find("spec")->as_object()->set("paused", Value(true));
  };
  world.world.cluster.edit(web, "labeller", yaml_value("metadata: {labels: {x: three}}"));
  world.wait();
  CHECK(world.agent->status().counts.drifted == 0);
}

TEST_CASE("an autoscaler that scales again and again, whose entry has no time, costs nothing") {
  AgentWorld world(web_yaml());
  for (int replicas = 2; replicas < 5; ++replicas) {
    world.world.cluster.edit(web, "autoscaler",
                             yaml_value(fmt::format("spec: {{replicas: {}}}", replicas)), "scale");
    world.wait();
  }
  CHECK(sent(world).empty());
}

TEST_CASE("a dry run that is denied is asked for again after the next pass") {
  AgentWorld world(web_yaml());
  world.world.cluster.on_request = [](const FakeRequest& request) -> std::optional<Error> {
    if (request.verb != "dry-run") return std::nullopt;
    return Error{ErrorKind::denied, "not now"};
  };
  alter(world, "one");
  world.wait();
  world.world.cluster.on_request = nullptr;
  run_until_done(world.world.loop, world.agent->reconcile({}));
  world.wait();
  CHECK(is_paused_in(world));
}

TEST_CASE("what can't be dry-run is left as it is, and asked once") {
  AgentWorld world(web_yaml());
  world.world.cluster.on_request = [](const FakeRequest& request) -> std::optional<Error> {
    if (request.verb != "dry-run") return std::nullopt;
    return Error{ErrorKind::invalid, "the webhook does not support dry run"};
  };
  alter(world, "one");
  world.wait(3h);
  CHECK_FALSE(is_paused_in(world));
  CHECK(sent(world) == Requests{"dry-run Deployment/default/web"});
}

TEST_CASE("where another write comes between, it is looked at again") {
  AgentWorld world(web_yaml());
  int looks = 0;
  world.world.cluster.on_request = [&](const FakeRequest& request) -> std::optional<Error> {
    // The watch has not told of it when the dry run is answered.
    if (request.verb == "dry-run" && ++looks == 1) {
      world.world.cluster.edit(web, "labeller", yaml_value("metadata: {labels: {y: z}}"));
    }
    return std::nullopt;
  };
  alter(world, "one");
  world.wait();
  CHECK(looks == 2);
  CHECK(is_paused_in(world));
  CHECK(world.agent->status().reverted == 1);
}
