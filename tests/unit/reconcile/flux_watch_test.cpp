// SPDX-License-Identifier: Apache-2.0
// Beside Flux's own controllers nothing is written.
#include "support/pass_world.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

using namespace primocane;

namespace {

const ResourceId kustomize_controller{"apps", "Deployment", "flux-system", "kustomize-controller"};

void run_flux(PassWorld& world, std::string_view name, int replicas = 1) {
  const ResourceId space{"", "Namespace", "", "flux-system"};
  if (world.cluster.find(space) == nullptr) {
    world.cluster.create(
        yaml_value("{apiVersion: v1, kind: Namespace, metadata: {name: flux-system}}"));
  }
  world.cluster.create(yaml_value(fmt::format(R"(
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {0}
  namespace: flux-system
  labels: {{app.kubernetes.io/part-of: flux, app.kubernetes.io/component: {0}}}
spec: {{replicas: {1}}}
)",
                                              name, replicas)));
}

void scale(PassWorld& world, std::string_view patch) {
  world.cluster.edit(kustomize_controller, "kubectl-scale", yaml_value(patch));
}

// Requests that may write.
std::size_t writes_of(PassWorld& world) {
  const auto count = std::ranges::count_if(world.cluster.requests(), [](const std::string& sent) {
    return sent.starts_with("apply") || sent.starts_with("delete") || sent.starts_with("patch");
  });
  world.cluster.forget_requests();
  return static_cast<std::size_t>(count);
}

std::size_t looks_of(const PassWorld& world) {
  return static_cast<std::size_t>(
      std::ranges::count(world.cluster.requests(), "list Deployment.apps"));
}

}  // namespace

TEST_CASE("while Flux runs nothing is written, and it is told once who runs and what to do") {
  PassWorld world;
  run_flux(world, "kustomize-controller");
  world.commit('1', config_map_yaml("a") + config_map_yaml("b"));
  const PassReport report = world.pass();
  CHECK(writes_of(world) == 0);
  CHECK(report.worst == ErrorKind::denied);
  REQUIRE(report.problems.size() == 1);
  CHECK(report.problems.front().object == "Deployment/flux-system/kustomize-controller");
  const std::string told = world.events.messages(EventKind::flux_running);
  CHECK(told.find("namespace flux-system") != std::string::npos);
  CHECK(told.find("primocane adopt flux") != std::string::npos);
  CHECK(report.changes == 0);
  CHECK_FALSE(report.applied.has_value());
  REQUIRE(report.kustomizations.size() == 1);
  CHECK(report.kustomizations.front().readiness.message.find("kustomize-controller") !=
        std::string::npos);
  world.events.clear();
  world.pass();
  CHECK(writes_of(world) == 0);
  CHECK(world.events.messages(EventKind::flux_running).empty());
}

TEST_CASE("when Flux's pods are gone the next pass writes") {
  PassWorld world;
  run_flux(world, "kustomize-controller");
  world.commit('1', config_map_yaml("a"));
  world.pass();
  scale(world, "{spec: {replicas: 0}, status: {replicas: 1}}");
  CHECK(world.pass().worst == ErrorKind::denied);
  CHECK(writes_of(world) == 0);
  scale(world, "status: {replicas: 0}");
  const PassReport report = world.pass();
  CHECK(report.problems.empty());
  CHECK(report.applied.has_value());
  CHECK(world.cluster.find(default_map("a")) != nullptr);
}

TEST_CASE("drift is not reverted and nothing is pruned while Flux runs again") {
  PassWorld world;
  world.commit('1', config_map_yaml("a") + config_map_yaml("b"));
  world.pass();
  run_flux(world, "kustomize-controller");
  world.cluster.edit(default_map("a"), "somebody", yaml_value("data: {k: other}"));
  writes_of(world);
  CHECK(world.pass().worst == ErrorKind::denied);
  CHECK(writes_of(world) == 0);
  world.cluster.edit(default_map("a"), "somebody", yaml_value("data: {k: v}"));
  world.commit('2', config_map_yaml("a"));
  CHECK(world.pass().worst == ErrorKind::denied);
  CHECK(writes_of(world) == 0);
  CHECK(world.cluster.find(default_map("b")) != nullptr);
  scale(world, "spec: {replicas: 0}");
  world.pass();
  CHECK(world.cluster.find(default_map("b")) == nullptr);
}

TEST_CASE("a pass without news does not look for Flux, and another looks once") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.pass();
  CHECK(looks_of(world) == 2);  // by two labels
  world.cluster.forget_requests();
  world.pass();
  CHECK(looks_of(world) == 0);
  run_flux(world, "kustomize-controller");
  CHECK(world.pass().problems.empty());
}

TEST_CASE("Flux's other controllers do not matter, nor the helm-controller without HelmReleases") {
  PassWorld world;
  run_flux(world, "source-controller");
  run_flux(world, "helm-controller");
  run_flux(world, "kustomize-controller", 0);
  world.commit('1', config_map_yaml("a"));
  CHECK(world.pass().problems.empty());
  CHECK(world.cluster.find(default_map("a")) != nullptr);
}

TEST_CASE("where nobody knows whether Flux runs nothing is written") {
  PassWorld world;
  world.commit('1', config_map_yaml("a"));
  world.cluster.on_request = [](const FakeRequest& request) -> std::optional<Error> {
    if (request.str() != "list Deployment.apps") return std::nullopt;
    return Error{ErrorKind::denied, "deployments is forbidden"};
  };
  const PassReport report = world.pass();
  CHECK(writes_of(world) == 0);
  CHECK(report.worst == ErrorKind::denied);
  REQUIRE(report.problems.size() == 1);
  CHECK(report.problems.front().message.find("deployments is forbidden") != std::string::npos);
}
