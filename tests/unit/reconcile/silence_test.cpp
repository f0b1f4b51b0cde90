// SPDX-License-Identifier: Apache-2.0
// An API server that ceases to answer in the middle of a pass.
#include "support/pass_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view parent_written =
    "apply ConfigMap/primocane-system/primocane-system.root";

std::string maps(int count) {
  std::string manifests;
  for (int i = 0; i < count; ++i) manifests += config_map_yaml(fmt::format("map-{:03}", i));
  return manifests;
}

// How long a pass takes.
Duration time_of_pass(PassWorld& world) {
  const SteadyTime before = world.loop.clock().now();
  world.pass();
  return world.loop.clock().now() - before;
}

std::ptrdiff_t not_tried(const PassReport& report) {
  return std::ranges::count_if(report.problems, [](const Problem& problem) {
    return problem.message.ends_with(": not tried: the API server does not answer");
  });
}

TEST_CASE("a pass ends soon when the API server ceases to answer, and says what was not tried") {
  PassWorld world;
  const std::string space = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: home}\n";
  world.commit('1', space + maps(200));
  world.cluster.after_effect = [&world](std::string_view what) {
    if (what == parent_written) world.cluster.is_silent = true;
  };
  const SteadyTime before = world.loop.clock().now();
  const PassReport report = world.pass();
  CHECK(world.loop.clock().now() - before < minutes(3));
  CHECK(report.counts.failed == 201);
  CHECK(report.worst == ErrorKind::unavailable);
  CHECK(not_tried(report) == 198);

  world.cluster.after_effect = {};
  world.cluster.is_silent = false;
  CHECK(world.pass().problems.empty());
}

TEST_CASE("deletions end soon when the API server ceases to answer") {
  PassWorld world;
  world.settings.prune.deletions_max = 200;
  world.commit('1', maps(200));
  world.pass();
  world.commit('2', maps(101));
  world.cluster.after_effect = [&world](std::string_view what) {
    if (what.starts_with("delete ")) world.cluster.is_silent = true;
  };
  CHECK(time_of_pass(world) < minutes(3));
  world.cluster.after_effect = {};
  world.cluster.is_silent = false;
  CHECK(world.pass().problems.empty());
  CHECK(world.cluster.find(default_map("map-150")) == nullptr);
}

TEST_CASE("a look ends soon when the API server ceases to answer") {
  PassWorld world;
  std::string manifests;
  for (int i = 0; i < 100; ++i) {
    manifests += fmt::format(
        "---\napiVersion: example.org/v1\nkind: Kind{0}\nmetadata: {{name: a, namespace: "
        "default}}\n",
        i);
    world.cluster.serve({.group_kind = {"example.org", fmt::format("Kind{}", i)},
                         .versions = {"v1"},
                         .plural = fmt::format("kinds{}", i)});
  }
  world.commit('1', manifests);
  world.cluster.on_request = [&world](const FakeRequest& request) -> std::optional<Error> {
    if (request.verb == "discover") world.cluster.is_silent = true;
    return std::nullopt;
  };
  CHECK(time_of_pass(world) < minutes(1));
}

TEST_CASE("an API server that is away for a moment is waited for within the pass") {
  PassWorld world;
  world.commit('1', maps(20));
  std::unique_ptr<Registration> back;
  world.cluster.silence = std::chrono::milliseconds(1);
  world.cluster.after_effect = [&](std::string_view what) {
    if (what != parent_written) return;
    world.cluster.is_silent = true;
    back = world.loop.after(seconds(10), [&world] { world.cluster.is_silent = false; });
  };
  CHECK(world.pass().problems.empty());
}

TEST_CASE("objects that wait for something do not keep others from being tried") {
  PassWorld world;
  world.commit('1', maps(20));
  for (int i = 0; i < 10; ++i) {
    world.cluster.fail_next_applies(default_map(fmt::format("map-{:03}", i)),
                                    {ErrorKind::unavailable, "webhook not up"}, 1000);
  }
  CHECK(world.pass().counts.failed == 10);
  CHECK(world.cluster.find(default_map("map-019")) != nullptr);
}

}  // namespace
}  // namespace primocane
