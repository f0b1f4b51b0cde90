// SPDX-License-Identifier: Apache-2.0
// The server answers, but not about everything: a conversion webhook is down, a right is missing.
#include "reconcile/observe.hpp"
#include "support/pass_world.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {
namespace {

constexpr std::string_view workload_yaml =
    "---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web, namespace: default}\n";
const ResourceId workload{"apps", "StatefulSet", "default", "web"};

// Requests that begin with `what` are answered by an error of the server's.
void refuse(PassWorld& world, std::string what) {
  world.cluster.on_request = [what = std::move(what)](const FakeRequest& request) {
    std::optional<Error> error;
    if (request.str().starts_with(what)) {
      error = Error{ErrorKind::unavailable, request.str() + ": conversion webhook failed"};
    }
    return error;
  };
}

TEST_CASE("a kind that cannot be listed fails alone, and nothing is pruned meanwhile") {
  PassWorld world;
  world.commit('1', config_map_yaml("a") + config_map_yaml("gone") + std::string(workload_yaml));
  world.pass();
  world.commit('2', config_map_yaml("a") + config_map_yaml("b") + std::string(workload_yaml));
  world.cluster.delete_object(default_map("a"));
  refuse(world, "list StatefulSet");
  const PassReport report = world.pass();
  CHECK(world.cluster.find(default_map("a")) != nullptr);
  CHECK(world.cluster.find(default_map("b")) != nullptr);
  CHECK(world.cluster.find(default_map("gone")) != nullptr);
  REQUIRE(report.problems.size() == 1);
  CHECK(report.problems.front().object == "StatefulSet/default/web");
  CHECK(report.problems.front().message.find("conversion webhook failed") != std::string::npos);

  world.cluster.on_request = nullptr;
  CHECK(world.pass().problems.empty());
  CHECK(world.cluster.find(default_map("gone")) == nullptr);
}

TEST_CASE("what left Git is not lost track of while its kind cannot be listed") {
  PassWorld world;
  world.commit('1', config_map_yaml("a") + std::string(workload_yaml));
  world.pass();
  world.commit('2', config_map_yaml("a", "new"));
  refuse(world, "list StatefulSet");
  const PassReport report = world.pass();
  CHECK(report.counts.applied == 1);
  REQUIRE(report.problems.size() == 1);
  CHECK(report.problems.front().message.find("StatefulSet") != std::string::npos);

  world.cluster.on_request = nullptr;
  CHECK(world.pass().problems.empty());
  CHECK(world.cluster.find(workload) == nullptr);
}

TEST_CASE("a new object that cannot be looked up is not taken for one that is not there") {
  PassWorld world;
  world.cluster.create(Object{{"apiVersion", "v1"},
                              {"kind", "ConfigMap"},
                              {"metadata", Object{{"name", "theirs"}, {"namespace", "default"}}}});
  world.commit('1', config_map_yaml("theirs") + std::string(workload_yaml));
  refuse(world, "list ConfigMap/default/theirs");
  const PassReport report = world.pass();
  CHECK(report.counts.failed == 1);
  CHECK(world.cluster.find(default_map("theirs"))->find("data") == nullptr);
  CHECK(world.cluster.find(workload) != nullptr);
}

TEST_CASE("a namespace that cannot be looked up is not taken for a new one") {
  PassWorld world;
  const std::string space = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: default}\n";
  world.commit('1', space + config_map_yaml("a"));
  refuse(world, "list Namespace/default");
  world.pass();
  CHECK(std::ranges::count(world.cluster.requests(), "list ConfigMap/default/a") == 1);
}

TEST_CASE("when no kind at all can be listed the pass ends with one error") {
  PassWorld world;
  world.commit('1', config_map_yaml("a") + std::string(workload_yaml));
  world.pass();
  world.cluster.on_request = [](const FakeRequest& request) {
    std::optional<Error> error;
    const bool is_parent = request.id.namespace_name == "primocane-system";
    if (request.verb == "list" && !is_parent) error = Error{ErrorKind::unavailable, "overloaded"};
    return error;
  };
  const PassReport report = world.pass();
  CHECK_FALSE(report.has_compared);
  CHECK(report.problems.size() == 1);
}

}  // namespace
}  // namespace primocane
