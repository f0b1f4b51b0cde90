// SPDX-License-Identifier: Apache-2.0
// What Kustomizations with spec.wait or spec.healthChecks wait for, and what they don't.
#include "reconcile/health_checks.hpp"

#include "reconcile/pod_health.hpp"
#include "support/pass_world.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace primocane {
namespace {

std::string waiting(std::string_view name, std::string_view path,
                    std::string_view more = "  wait: true\n",
                    std::string_view place = "  namespace: flux-system\n") {
  return fmt::format(
      "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n"
      "  name: {}\n{}spec:\n  interval: 10m\n  prune: true\n  path: {}\n"
      "  sourceRef: {{kind: GitRepository, name: flux-system, namespace: flux-system}}\n{}",
      name, place, path, more);
}

// A claim that nothing binds, with an annotation of Flux's.
std::string unbound(std::string_view annotation) {
  return fmt::format(
      "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: data\n"
      "  namespace: default\n  annotations: {{kustomize.toolkit.fluxcd.io/{}}}\nspec: {{}}\n",
      annotation);
}

Ready root_ready(const PassReport& report) { return report.kustomizations.front().readiness.ready; }

Ready last_ready(const PassReport& report) { return report.kustomizations.back().readiness.ready; }

// A world that is configured with the folder clusters/home.
struct FolderWorld {
  FolderWorld() {
    world.settings.path = RelativePath::parse("clusters/home").value();
    world.settings.repository = {.url = "https://git.example.org/home.git", .branch = "main"};
  }

  PassReport commit(char digit, std::string_view manifests) {
    world.commit(digit, "");
    world.folder(digit, "clusters/home", manifests);
    return world.pass();
  }

  PassWorld world;
};

TEST_CASE("a bootstrapped folder whose own Kustomization waits does not wait for itself") {
  FolderWorld home;
  const PassReport report =
      home.commit('1', config_map_yaml("top") + waiting("flux-system", "./clusters/home"));
  CHECK(report.kustomizations.front().name.name == "flux-system");
  CHECK(root_ready(report) == Ready::yes);
  CHECK_FALSE(report.is_waiting);
}

TEST_CASE("a folder of another name does not wait for its own Kustomization either") {
  FolderWorld home;
  home.commit('1', config_map_yaml("top"));
  PassReport report =
      home.commit('2', config_map_yaml("top") + waiting("flux-system", "./clusters/home"));
  CHECK(report.kustomizations.front().name.name == "root");
  CHECK(root_ready(report) == Ready::yes);
  report = home.commit(
      '3', config_map_yaml("top") +
               waiting("flux-system", "./clusters/home",
                       "  healthChecks:\n    - {apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: "
                       "Kustomization, name: flux-system, namespace: flux-system}\n"));
  CHECK(root_ready(report) == Ready::yes);
}

TEST_CASE("a Kustomization that names itself in its health checks does not wait for itself") {
  PassWorld world;
  world.commit('1',
               waiting("apps", "apps",
                       "  healthChecks:\n    - {apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: "
                       "Kustomization, name: apps, namespace: flux-system}\n"));
  world.folder('1', "apps", config_map_yaml("a"));
  CHECK(last_ready(world.pass()) == Ready::yes);
}

TEST_CASE("a HelmRelease that a health check names must be in Git") {
  PassWorld world;
  world.commit('1', waiting("apps", "apps",
                            "  healthChecks:\n  - {apiVersion: helm.toolkit.fluxcd.io/v2, kind: "
                            "HelmRelease, name: web, namespace: home}\n"));
  world.folder('1', "apps", config_map_yaml("a"));
  const PassReport report = world.pass();
  CHECK(last_ready(report) == Ready::unknown);
  CHECK(report.kustomizations.back().readiness.message.contains("HelmRelease/home/web: NotFound"));
}

TEST_CASE("what waits finds a Kustomization that does not say its namespace") {
  PassWorld world;
  world.commit('1', waiting("outer", "outer"));
  world.folder('1', "outer", waiting("inner", "inner", "", ""));
  world.folder('1', "inner", config_map_yaml("i"));
  const PassReport report = world.pass();
  REQUIRE(report.kustomizations.size() == 3);
  for (const KustomizationStatus& status : report.kustomizations) {
    CHECK(status.readiness.ready == Ready::yes);
  }
}

TEST_CASE("what is left alone is not waited for") {
  for (const std::string_view annotation : {"ssa: Ignore", "reconcile: disabled"}) {
    PassWorld world;
    world.commit('1', waiting("apps", "apps"));
    world.folder('1', "apps", config_map_yaml("a") + unbound(annotation));
    world.cluster.create(
        yaml_value("{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, "
                   "namespace: default}}"));
    CHECK(last_ready(world.pass()) == Ready::yes);
  }
}

TEST_CASE("what the cluster says to leave alone is not waited for") {
  PassWorld world;
  world.commit('1', waiting("apps", "apps"));
  world.folder('1', "apps", config_map_yaml("a") + unbound("prune: enabled"));
  CHECK(last_ready(world.pass()) == Ready::unknown);
  world.cluster.edit(
      {"", "PersistentVolumeClaim", "default", "data"}, "kubectl-annotate",
      yaml_value("{metadata: {annotations: {kustomize.toolkit.fluxcd.io/reconcile: disabled}}}"));
  CHECK(last_ready(world.pass()) == Ready::yes);
}

TEST_CASE("a kind without a status is waited for where an expression is about it") {
  PassWorld world;
  world.commit('1', waiting("apps", "apps",
                            "  wait: true\n  healthCheckExprs:\n  - apiVersion: v1\n"
                            "    kind: ConfigMap\n    current: \"'ready' in data\"\n"));
  world.folder('1', "apps", config_map_yaml("a"));
  CHECK(last_ready(world.pass()) == Ready::unknown);
  world.cluster.edit({"", "ConfigMap", "default", "a"}, "starter",
                     yaml_value("{data: {ready: 'yes'}}"));
  CHECK(last_ready(world.pass()) == Ready::yes);
}

TEST_CASE("what is made only once is waited for only when it is made") {
  PassWorld world;
  world.commit('1', waiting("apps", "apps"));
  world.folder('1', "apps", unbound("ssa: IfNotPresent"));
  CHECK(last_ready(world.pass()) == Ready::unknown);
  CHECK(last_ready(world.pass()) == Ready::yes);
}

constexpr std::string_view stateful_set =
    "---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: data\n"
    "  namespace: default\nspec:\n  replicas: 1\n  selector: {matchLabels: {app: data}}\n"
    "  template: {metadata: {labels: {app: data}}}\n";

Value crashing_pod(std::string_view app) {
  return yaml_value(fmt::format(
      "{{apiVersion: v1, kind: Pod, metadata: {{name: {0}-0, namespace: default, labels: {{app: "
      "{0}}}}}, status: {{phase: Running, containerStatuses: [{{name: a, state: {{waiting: "
      "{{reason: CrashLoopBackOff}}}}}}]}}}}",
      app));
}

TEST_CASE("a StatefulSet whose Pods crash has failed, whatever other Pods do") {
  PassWorld world;
  world.commit('1', waiting("apps", "apps"));
  world.folder('1', "apps", std::string(stateful_set));
  world.cluster.create(crashing_pod("other"));
  CHECK(last_ready(world.pass()) == Ready::unknown);
  world.cluster.create(crashing_pod("data"));
  const PassReport report = world.pass();
  CHECK(last_ready(report) == Ready::no);
  CHECK(report.kustomizations.back().readiness.message.contains("1 pods have failed"));
}

TEST_CASE("Pods are looked at only while what they belong to is on its way") {
  PassWorld world;
  world.commit('1', waiting("apps", "apps"));
  world.folder('1', "apps", std::string(stateful_set));
  world.cluster.create(crashing_pod("data"));
  world.pass();
  world.cluster.edit({"apps", "StatefulSet", "default", "data"}, "controller",
                     yaml_value("{status: {replicas: 1, readyReplicas: 1, currentReplicas: 1, "
                                "updatedReplicas: 1}}"),
                     "status");
  world.cluster.forget_requests();
  CHECK(last_ready(world.pass()) == Ready::yes);
  CHECK(std::ranges::none_of(world.cluster.requests(), [](const std::string& request) {
    return request.contains("Pod/") || request.starts_with("list Pod");
  }));
}

TEST_CASE("the selector of a workload's Pods has its labels and expressions") {
  CHECK(pod_selector_of(
            yaml_value("{spec: {selector: {matchLabels: {a: b, c: d}, matchExpressions: "
                       "[{key: e, operator: In, values: [f, g]}, {key: h, operator: "
                       "NotIn, values: [i]}, {key: j, operator: Exists}, {key: k, "
                       "operator: DoesNotExist}]}}}")) == "a=b,c=d,e in (f,g),h notin (i),j,!k");
  CHECK_FALSE(pod_selector_of(yaml_value("{spec: {}}")));
  CHECK_FALSE(pod_selector_of(yaml_value("{spec: {selector: {matchLabels: {a: 1}}}}")));
  CHECK_FALSE(pod_selector_of(
      yaml_value("{spec: {selector: {matchExpressions: [{key: a, operator: Near}]}}}")));
}

}  // namespace
}  // namespace primocane
