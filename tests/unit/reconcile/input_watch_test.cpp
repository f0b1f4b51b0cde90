// SPDX-License-Identifier: Apache-2.0
// What goes into renderings is watched: a change is rendered at once, and costs nothing before.
#include "reconcile/input_watch.hpp"

#include "support/agent_world.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <algorithm>

using namespace primocane;
using namespace std::chrono_literals;

namespace {

using InputRequests = std::vector<std::string>;

ResourceId input_id(std::string_view kind, std::string_view name) {
  return {"", std::string(kind), "flux-system", std::string(name)};
}

// Kustomization apps has a ConfigMap whose value is ${WORD}, out of `kind` values.
class InputWorld {
 public:
  explicit InputWorld(std::string_view kind = "ConfigMap", std::string_view more = {})
      : world(config_map_yaml("top")), kind_(kind) {
    world.world.cluster.create(
        yaml_value("{apiVersion: v1, kind: Namespace, metadata: {name: flux-system}}"));
    commit('2', more);
  }

  // `more` follows the reference to the object.
  void commit(char digit, std::string_view more, std::string_view spec = {}) {
    const std::string reads = fmt::format(
        "  postBuild:\n    substituteFrom: [{{kind: {}, name: values{}}}]\n{}", kind_, more, spec);
    world.world.commit(digit, config_map_yaml("top") + kustomization_yaml("apps", reads));
    world.world.folder(digit, "apps", config_map_yaml("a", "${WORD}"));
  }

  void create(std::string_view word) {
    world.world.cluster.create(yaml_value(fmt::format(
        "{{apiVersion: v1, kind: {}, metadata: {{name: values, namespace: flux-system}}, "
        "data: {{WORD: {}}}}}",
        kind_, word)));
  }

  void edit(std::string_view word) {
    world.world.cluster.edit(input_id(kind_, "values"), "kubectl-edit",
                             yaml_value(fmt::format("data: {{WORD: {}}}", word)));
  }

  // A pass, and what the watches tell afterwards.
  void start() {
    world.agent->trigger();
    world.wait(2s);
    forget();
  }

  void forget() {
    world.world.cluster.forget_requests();
    world.world.events.clear();
    updates_ = world.world.repository.updates;
  }

  [[nodiscard]] std::uint64_t passes() const { return world.world.repository.updates - updates_; }

  // Those for the object, but for watches.
  [[nodiscard]] InputRequests requests() const {
    InputRequests found;
    for (const std::string& request : world.world.cluster.requests()) {
      const bool is_meant = request.find("/flux-system/values") != std::string::npos;
      if (is_meant && !request.starts_with("watch ")) found.push_back(request);
    }
    return found;
  }

  AgentWorld world;

 private:
  std::string kind_;
  std::uint64_t updates_ = 0;
};

// Remembers what is watched.
class NotedWatches final : public ClusterWatch {
 public:
  explicit NotedWatches(FakeCluster& cluster) : cluster_(cluster) {}

  Task<Result<WatchEnd>> watch(WatchQuery query, Take take) override {
    queries.push_back(query);
    Result<WatchEnd> end = co_await cluster_.watch(std::move(query), std::move(take));
    co_return end;
  }

  std::vector<WatchQuery> queries;

 private:
  FakeCluster& cluster_;
};

std::set<ResourceId> named_secrets(int count) {
  std::set<ResourceId> ids;
  for (int i = 0; i < count; ++i) ids.insert(input_id("Secret", fmt::format("s{}", i)));
  return ids;
}

}  // namespace

TEST_CASE("a changed ConfigMap that a substitution reads is rendered at once") {
  InputWorld inputs;
  inputs.create("one");
  inputs.start();
  REQUIRE(inputs.world.data("a") == "one");
  inputs.edit("two");
  inputs.world.wait();
  CHECK(inputs.world.data("a") == "two");
  CHECK(inputs.passes() == 1);
  // Its content is read once, and its version comes from the watch.
  CHECK(inputs.requests() == InputRequests{"get ConfigMap/flux-system/values"});
  inputs.world.wait(10s);
  CHECK(inputs.passes() == 1);
}

TEST_CASE("a pass asks nothing about an input that is as it was") {
  InputWorld inputs;
  inputs.create("one");
  inputs.start();
  inputs.world.agent->trigger();
  inputs.world.wait();
  CHECK(inputs.passes() == 1);
  CHECK(std::ranges::all_of(inputs.world.world.cluster.requests(),
                            [](const std::string& request) { return request == "discover"; }));
}

TEST_CASE("what was changed before the watch began is not missed") {
  InputWorld inputs;
  inputs.create("one");
  bool is_changed = false;
  inputs.world.world.cluster.on_request = [&](const FakeRequest& request) -> std::optional<Error> {
    if (request.str() != "watch ConfigMap/flux-system/values") return std::nullopt;
    if (!std::exchange(is_changed, true)) inputs.edit("two");
    return std::nullopt;
  };
  inputs.start();
  REQUIRE(is_changed);
  CHECK(inputs.world.data("a") == "two");
}

TEST_CASE("an input that was missing is taken up as soon as it is there, and as soon as it goes") {
  InputWorld inputs("ConfigMap", ", optional: true");
  inputs.start();
  REQUIRE(inputs.world.data("a") == "${WORD}");
  inputs.create("one");
  inputs.world.wait();
  CHECK(inputs.world.data("a") == "one");
  inputs.world.world.cluster.delete_object(input_id("ConfigMap", "values"));
  inputs.world.wait(2s);
  CHECK(inputs.world.data("a") == "${WORD}");
}

TEST_CASE("a Kustomization whose input is missing runs as soon as it is there") {
  InputWorld inputs;
  inputs.start();
  inputs.world.wait(10min);
  REQUIRE(inputs.world.data("a").empty());
  inputs.forget();
  inputs.create("one");
  inputs.world.wait();
  CHECK(inputs.world.data("a") == "one");
}

TEST_CASE("a Secret is watched in metadata, and its content read when it has changed") {
  TestLoop loop;
  FakeCluster cluster(loop);
  NotedWatches watches(cluster);
  InputWatch inputs(watches, loop);
  inputs.want(named_secrets(1));
  loop.run_for(1s);
  REQUIRE(watches.queries.size() == 1);
  CHECK(watches.queries.front().depth == WatchDepth::metadata);
  CHECK(watches.queries.front().name == "s0");
  CHECK(watches.queries.front().namespace_name == "flux-system");
  CHECK(inputs.find(input_id("Secret", "s0")) == InputVersion());
  CHECK_FALSE(inputs.find(input_id("Secret", "s1")));
}

TEST_CASE("many inputs of a namespace are one watch") {
  TestLoop loop;
  FakeCluster cluster(loop);
  NotedWatches watches(cluster);
  InputWatch inputs(watches, loop);
  inputs.want(named_secrets(4));
  loop.run_for(1s);
  CHECK(cluster.watches().count() == 4);
  inputs.want(named_secrets(300));
  loop.run_for(1s);
  CHECK(cluster.watches().count() == 1);
  CHECK(watches.queries.back().name.empty());
  CHECK(watches.queries.back().namespace_name == "flux-system");
  // Others that lie there are nobody's business.
  inputs.note(input_id("Secret", "s299"), {});
  cluster.create(
      yaml_value("{apiVersion: v1, kind: Secret, metadata: {name: s300, namespace: flux-system}}"));
  loop.run_for(1s);
  CHECK_FALSE(inputs.has_news());
  cluster.create(
      yaml_value("{apiVersion: v1, kind: Secret, metadata: {name: s299, namespace: flux-system}}"));
  loop.run_for(1s);
  CHECK(inputs.has_news());
  inputs.want({});
  CHECK(cluster.watches().count() == 0);
}

TEST_CASE("where an input may not be watched each pass looks at it, which is told once") {
  InputWorld inputs("Secret");
  inputs.create("b25l");
  inputs.world.world.cluster.on_request = [](const FakeRequest& request) -> std::optional<Error> {
    const bool is_refused = request.verb == "watch" && request.id.kind == "Secret";
    if (!is_refused) return std::nullopt;
    return Error{ErrorKind::denied, "secrets is forbidden"};
  };
  inputs.world.agent->trigger();
  inputs.world.wait(10min);
  const std::string told = inputs.world.world.events.messages(EventKind::watch_failed);
  CHECK(told.find("secrets is forbidden") == 0);
  CHECK(std::ranges::count(told, '\n') == 1);
  CHECK(inputs.world.agent->status().problems.empty());
  inputs.forget();
  inputs.edit("dHdv");
  inputs.world.wait(10s);
  CHECK(inputs.passes() == 0);
  inputs.world.agent->trigger();
  inputs.world.wait();
  CHECK(inputs.requests() ==
        InputRequests{"list Secret/flux-system/values", "get Secret/flux-system/values"});
  CHECK(inputs.world.data("a") == "two");
}

TEST_CASE("after an outage an input that was changed meanwhile is taken up") {
  InputWorld inputs;
  inputs.create("one");
  inputs.start();
  inputs.world.world.cluster.on_request = [](const FakeRequest& request) -> std::optional<Error> {
    if (request.verb != "watch") return std::nullopt;
    return Error{ErrorKind::unavailable, "no route to host"};
  };
  inputs.world.world.cluster.watches().cut();
  inputs.world.wait(1s);
  inputs.edit("two");
  inputs.world.world.cluster.on_request = nullptr;
  inputs.world.wait(10s);
  CHECK(inputs.world.data("a") == "two");
}

TEST_CASE("an input that the same pass applies asks for no other pass") {
  InputWorld inputs;
  inputs.start();
  const std::string values =
      "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: values, namespace: flux-system}\n"
      "data: {WORD: one}\n";
  inputs.world.world.renderer.manifests.at(commit_of('2').str()) += values;
  inputs.commit('3', {});
  inputs.world.world.renderer.manifests.at(commit_of('3').str()) += values;
  inputs.forget();
  inputs.world.agent->trigger();
  inputs.world.wait(10s);
  CHECK(inputs.world.data("a") == "one");
  CHECK(inputs.passes() == 1);
}

TEST_CASE("an input that changes all the time is rendered ever more rarely") {
  InputWorld inputs;
  inputs.create("one");
  inputs.start();
  for (int i = 0; i < 300; ++i) {
    inputs.edit(fmt::format("word-{}", i));
    inputs.world.wait(1s);
  }
  CHECK(inputs.passes() >= 8);
  CHECK(inputs.passes() <= 12);
  inputs.world.wait(1min);
  CHECK(inputs.world.data("a") == "word-299");
  // After some calm at once again.
  inputs.world.wait(5min);
  inputs.edit("last");
  inputs.world.wait(2s);
  CHECK(inputs.world.data("a") == "last");
}

TEST_CASE("what only a suspended Kustomization reads is not watched") {
  InputWorld inputs;
  inputs.create("one");
  inputs.start();
  inputs.commit('3', {}, "  suspend: true\n");
  inputs.start();
  inputs.edit("two");
  inputs.world.wait(10s);
  CHECK(inputs.passes() == 0);
  inputs.commit('4', {});
  inputs.start();
  CHECK(inputs.world.data("a") == "two");
}
