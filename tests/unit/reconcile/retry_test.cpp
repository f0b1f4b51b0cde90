// SPDX-License-Identifier: Apache-2.0
// When a pass wants the next one because of what failed.
#include "support/pass_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <chrono>
#include <string>
#include <string_view>

namespace primocane {
namespace {

std::string retried(std::string_view name, std::string_view path, std::string_view interval) {
  return fmt::format(
      "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n"
      "  name: {}\n  namespace: flux-system\nspec:\n  interval: 10m\n  prune: true\n  path: {}\n"
      "  sourceRef: {{kind: GitRepository, name: flux-system}}\n  retryInterval: {}\n",
      name, path, interval);
}

TEST_CASE("what has failed is due again after its retryInterval") {
  PassWorld world;
  world.commit('1', retried("apps", "missing", "20s") + retried("other", "gone", "1s"));
  const PassReport failed = world.pass();
  CHECK(failed.next_due == world.loop.clock().now() + std::chrono::seconds(10));
  world.folder('1', "missing", config_map_yaml("a"));
  world.folder('1', "gone", config_map_yaml("b"));
  CHECK_FALSE(world.pass({.is_asked_for = true}).next_due.has_value());
}

}  // namespace
}  // namespace primocane
