// SPDX-License-Identifier: Apache-2.0
// What Kustomizations wait for is looked at when a watch tells of it, and hardly ever else.
#include "reconcile/awaited_news.hpp"

#include "support/agent_world.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <algorithm>

using namespace primocane;
using namespace std::chrono_literals;

namespace {

ResourceId awaited_claim(std::string_view name) {
  return {"", "PersistentVolumeClaim", "default", std::string(name)};
}

std::string claim_yaml(std::string_view name) {
  return fmt::format(
      "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: {}\n"
      "  namespace: default\nspec: {{}}\n",
      name);
}

// Kustomization apps holds two claims, "data" and "more", that nothing binds.
class AwaitedWorld {
 public:
  explicit AwaitedWorld(std::string_view spec) : world(config_map_yaml("top")) {
    world.world.commit('2', config_map_yaml("top") + kustomization_yaml("apps", spec));
    world.world.folder('2', "apps", claim_yaml("data") + claim_yaml("more"));
    world.agent->trigger();
  }

  // The watches have begun, and all was looked at once more: the next pass is 2 s away.
  void settle() {
    world.wait(5s);
    forget();
  }

  void forget() {
    world.world.cluster.forget_requests();
    updates_ = world.world.repository.updates;
  }

  void bind(std::string_view name) { set_phase(name, "Bound"); }
  void set_phase(std::string_view name, std::string_view phase) {
    world.world.cluster.edit(awaited_claim(name), "binder",
                             yaml_value(fmt::format("status: {{phase: {}}}", phase)), "status");
  }

  [[nodiscard]] std::ptrdiff_t looks(std::string_view name) const {
    const std::string look = fmt::format("get {}", to_string(awaited_claim(name)));
    return std::ranges::count(world.world.cluster.requests(), look);
  }
  [[nodiscard]] Ready ready() const {
    return world.agent->status().kustomizations.back().readiness.ready;
  }
  /// How often Git was asked.
  [[nodiscard]] std::uint64_t updates() const { return world.world.repository.updates - updates_; }

  AgentWorld world;

 private:
  std::uint64_t updates_ = 0;
};

}  // namespace

TEST_CASE("what is waited for is looked at as soon as it changes, and nothing else") {
  AwaitedWorld awaited("  wait: true\n  timeout: 1h\n");
  awaited.settle();
  REQUIRE(awaited.ready() == Ready::unknown);
  awaited.bind("data");
  awaited.world.wait();
  CHECK(awaited.looks("data") == 1);
  CHECK(awaited.looks("more") == 0);
  CHECK(awaited.ready() == Ready::unknown);
  awaited.bind("more");
  awaited.world.wait(600ms);
  CHECK(awaited.looks("data") == 1);
  CHECK(awaited.looks("more") == 1);
  CHECK(awaited.ready() == Ready::yes);
  CHECK(awaited.updates() == 0);
}

TEST_CASE("while nothing changes waiting costs no look") {
  AwaitedWorld awaited("  wait: true\n  timeout: 1h\n");
  awaited.settle();
  awaited.world.wait(9min);
  CHECK(awaited.looks("data") == 0);
  CHECK(awaited.looks("more") == 0);
  CHECK(awaited.updates() > 3);
  // All of it at the interval, whatever the watches showed.
  awaited.world.wait(20min);
  CHECK(awaited.looks("data") >= 1);
}

TEST_CASE("what becomes unhealthy while others are waited for is noticed") {
  AwaitedWorld awaited("  wait: true\n  timeout: 1h\n");
  awaited.settle();
  awaited.bind("data");
  awaited.world.wait(1s);
  awaited.set_phase("data", "Pending");
  awaited.world.wait(1s);
  awaited.bind("more");
  awaited.world.wait(1s);
  CHECK(awaited.ready() == Ready::unknown);
  awaited.bind("data");
  awaited.world.wait(1s);
  CHECK(awaited.ready() == Ready::yes);
}

TEST_CASE("what changes all the time is looked at twice a second at most") {
  AwaitedWorld awaited("  wait: true\n  timeout: 1h\n");
  awaited.settle();
  for (int i = 0; i < 100; ++i) {
    awaited.set_phase("data", i % 2 == 0 ? "Pending" : "Lost");
    awaited.world.wait(100ms);
  }
  CHECK(awaited.looks("data") <= 21);
  CHECK(awaited.looks("data") >= 10);
  CHECK(awaited.looks("more") == 0);
}

TEST_CASE("that it has taken too long is noticed when it has") {
  AwaitedWorld awaited("  wait: true\n  timeout: 40s\n");
  awaited.settle();
  awaited.world.wait(34s);
  CHECK(awaited.ready() == Ready::unknown);
  awaited.world.wait(2s);
  CHECK(awaited.ready() == Ready::no);
  // Afterwards nobody is in a hurry.
  awaited.forget();
  awaited.set_phase("data", "Lost");
  awaited.world.wait();
  CHECK(awaited.looks("data") == 0);
}

TEST_CASE("what no watch shows is looked at less and less often") {
  AwaitedWorld awaited(
      "  timeout: 1h\n  healthChecks:\n  - {apiVersion: v1, kind: PersistentVolumeClaim, name: "
      "data, namespace: default}\n  - {apiVersion: v1, kind: PersistentVolumeClaim, name: others, "
      "namespace: default}\n");
  awaited.world.world.cluster.create(yaml_value(claim_yaml("others")));
  awaited.settle();
  awaited.set_phase("data", "Lost");
  awaited.world.wait();
  CHECK(awaited.looks("data") == 1);
  CHECK(awaited.looks("others") == 0);
  awaited.bind("data");
  awaited.bind("others");
  awaited.world.wait(4s);
  CHECK(awaited.looks("others") >= 1);
  CHECK(awaited.ready() == Ready::yes);
}
