// SPDX-License-Identifier: Apache-2.0
// Passes over repositories that contain Flux's Kustomizations.
#include "reconcile/graph.hpp"

#include "resource/applyset.hpp"
#include "support/pass_world.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {
namespace {

using Lines = std::vector<std::string>;

// A Kustomization of the configured repository, with further lines of its spec.
std::string kustomization(std::string_view name, std::string_view path,
                          std::string_view more = {}) {
  return fmt::format(
      "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n"
      "  name: {}\n  namespace: flux-system\nspec:\n  interval: 10m\n  prune: true\n  path: {}\n"
      "  sourceRef: {{kind: GitRepository, name: flux-system}}\n{}",
      name, path, more);
}

const KustomizationStatus* find(const PassReport& report, std::string_view name) {
  for (const KustomizationStatus& status : report.kustomizations) {
    if (status.name.name == name) return &status;
  }
  return nullptr;
}

Ready ready(const PassReport& report, std::string_view name) {
  const KustomizationStatus* status = find(report, name);
  REQUIRE(status != nullptr);
  return status->readiness.ready;
}

std::string message(const PassReport& report, std::string_view name) {
  const KustomizationStatus* status = find(report, name);
  REQUIRE(status != nullptr);
  return status->readiness.message;
}

std::size_t position(const PassWorld& world, std::string_view line) {
  const Lines& requests = world.cluster.requests();
  return static_cast<std::size_t>(std::ranges::find(requests, line) - requests.begin());
}

bool exists(PassWorld& world, std::string_view name) {
  return world.cluster.find(default_map(name)) != nullptr;
}

TEST_CASE("what the root contains is applied as a set of its own") {
  PassWorld world;
  world.commit('1', config_map_yaml("top") + kustomization("apps", "./apps"));
  world.folder('1', "apps", config_map_yaml("a"));
  const PassReport report = world.pass();
  CHECK(report.problems.empty());
  CHECK(report.counts.desired == 2);
  CHECK(report.counts.applied == 2);
  CHECK(exists(world, "top"));
  CHECK(exists(world, "a"));
  CHECK(ready(report, "apps") == Ready::yes);
  CHECK(find(report, "apps")->container == "primocane-system/root");
  CHECK(position(world, "apply ConfigMap/default/top") <
        position(world, "apply ConfigMap/primocane-system/flux-system.apps"));
}

TEST_CASE("a pass without news over several Kustomizations sends one list per kind") {
  PassWorld world;
  world.commit('1', config_map_yaml("top") + kustomization("a", "a") + kustomization("b", "b"));
  world.folder('1', "a", config_map_yaml("in-a"));
  world.folder('1', "b", config_map_yaml("in-b"));
  world.pass();
  world.pass();
  world.cluster.forget_requests();
  const std::uint64_t renderings = world.renderer.renderings;
  const PassReport report = world.pass();
  CHECK(report.changes == 0);
  Lines requests = world.cluster.requests();
  std::erase(requests, "discover");
  CHECK(requests == Lines{"list ConfigMap in primocane-system", "list ConfigMap"});
  CHECK(world.renderer.renderings == renderings);
}

TEST_CASE("one Kustomization that fails leaves the others alone") {
  PassWorld world;
  world.commit('1', kustomization("bad", "missing") + kustomization("good", "good"));
  world.folder('1', "good", config_map_yaml("a"));
  const PassReport report = world.pass();
  CHECK(exists(world, "a"));
  CHECK(ready(report, "good") == Ready::yes);
  CHECK(ready(report, "bad") == Ready::no);
  CHECK(find(report, "bad")->readiness.reason == "BuildFailed");
  REQUIRE(report.problems.size() == 1);
  CHECK(report.problems.front().object == "Kustomization/flux-system/bad");
}

TEST_CASE("what depends on another runs after it, in the same pass") {
  PassWorld world;
  world.commit('1', kustomization("a", "a", "  dependsOn: [{name: b}]\n") +
                        kustomization("b", "b", "  dependsOn: [{name: c}]\n") +
                        kustomization("c", "c"));
  for (const char* name : {"a", "b", "c"}) world.folder('1', name, config_map_yaml(name));
  const PassReport report = world.pass();
  CHECK(report.problems.empty());
  const std::size_t a = position(world, "apply ConfigMap/default/a");
  const std::size_t b = position(world, "apply ConfigMap/default/b");
  const std::size_t c = position(world, "apply ConfigMap/default/c");
  CHECK(c < b);
  CHECK(b < a);
  CHECK(ready(report, "a") == Ready::yes);
}

TEST_CASE("what depends on one that is not ready waits, and says for what") {
  PassWorld world;
  world.commit(
      '1', kustomization("a", "a", "  dependsOn: [{name: b}]\n") + kustomization("b", "missing"));
  world.folder('1', "a", config_map_yaml("a"));
  const PassReport report = world.pass();
  CHECK_FALSE(exists(world, "a"));
  CHECK(ready(report, "a") == Ready::no);
  CHECK(find(report, "a")->readiness.reason == "DependencyNotReady");
  CHECK(message(report, "a").find("'flux-system/b' is not ready") != std::string::npos);
  CHECK(report.is_waiting);
}

TEST_CASE("a circle of dependencies fails those in it, and names the way") {
  PassWorld world;
  world.commit('1', kustomization("a", "a", "  dependsOn: [{name: b}]\n") +
                        kustomization("b", "b", "  dependsOn: [{name: a}]\n") +
                        kustomization("c", "c"));
  for (const char* name : {"a", "b", "c"}) world.folder('1', name, config_map_yaml(name));
  const PassReport report = world.pass();
  CHECK(ready(report, "a") == Ready::no);
  CHECK(message(report, "b").find("flux-system/a → flux-system/b → flux-system/a") !=
        std::string::npos);
  CHECK(ready(report, "c") == Ready::yes);
  CHECK_FALSE(exists(world, "a"));
}

TEST_CASE("a dependency that is not in Git is named") {
  PassWorld world;
  world.commit('1', kustomization("a", "a", "  dependsOn: [{name: nobody}]\n"));
  world.folder('1', "a", config_map_yaml("a"));
  const PassReport report = world.pass();
  CHECK(message(report, "a").find("flux-system/nobody is not in Git") != std::string::npos);
}

TEST_CASE("a Kustomization that depends on what it contains does not wait for ever") {
  PassWorld world;
  world.commit('1', kustomization("outer", "outer", "  dependsOn: [{name: inner}]\n"));
  world.folder('1', "outer", config_map_yaml("o") + kustomization("inner", "inner"));
  world.folder('1', "inner", config_map_yaml("i"));
  const PassReport report = world.pass();
  CHECK(message(report, "outer").find("flux-system/inner is not in Git") != std::string::npos);
}

TEST_CASE("what a Kustomization contains is followed to any depth") {
  PassWorld world;
  world.commit('1', kustomization("one", "one"));
  world.folder('1', "one", kustomization("two", "two"));
  world.folder('1', "two", kustomization("three", "three"));
  world.folder('1', "three", config_map_yaml("deep"));
  const PassReport report = world.pass();
  CHECK(report.problems.empty());
  CHECK(exists(world, "deep"));
  CHECK(find(report, "three")->container == "flux-system/two");
}

TEST_CASE("a Kustomization that leaves Git takes its objects and its parent with it") {
  PassWorld world;
  world.commit('1', config_map_yaml("top") + kustomization("apps", "apps"));
  world.folder('1', "apps", config_map_yaml("a"));
  world.pass();
  world.commit('2', config_map_yaml("top"));
  world.pass();
  const PassReport report = world.pass();
  CHECK(report.problems.empty());
  CHECK_FALSE(exists(world, "a"));
  CHECK(exists(world, "top"));
  CHECK(find(report, "apps") == nullptr);
  CHECK(world.cluster.find({"", "ConfigMap", "primocane-system", "flux-system.apps"}) == nullptr);
}

TEST_CASE("what leaves a Kustomization that does not prune stays") {
  PassWorld world;
  std::string spec = kustomization("apps", "apps");
  spec.replace(spec.find("prune: true"), 11, "prune: false");
  world.commit('1', spec);
  world.folder('1', "apps", config_map_yaml("a") + config_map_yaml("b"));
  world.pass();
  world.commit('2', spec);
  world.folder('2', "apps", config_map_yaml("b"));
  world.pass();
  CHECK(exists(world, "a"));
  world.commit('3', config_map_yaml("top"));
  world.pass();
  CHECK(world.pass().problems.empty());
  CHECK(exists(world, "a"));
  CHECK(exists(world, "b"));
}

TEST_CASE("a deletion policy outlives the Kustomization that declared it") {
  PassWorld world;
  world.commit(
      '1', config_map_yaml("top") + kustomization("keeps", "keeps", "  deletionPolicy: Orphan\n"));
  world.folder('1', "keeps", config_map_yaml("kept"));
  world.pass();
  world.restart();
  world.commit('2', config_map_yaml("top"));
  world.pass();
  CHECK(world.pass().problems.empty());
  CHECK(exists(world, "kept"));
}

TEST_CASE("an object moves from one Kustomization to another without being deleted") {
  PassWorld world;
  world.commit('1', kustomization("a", "a") + kustomization("b", "b"));
  world.folder('1', "a", config_map_yaml("moves") + config_map_yaml("in-a"));
  world.folder('1', "b", config_map_yaml("in-b"));
  world.pass();
  world.commit('2', kustomization("a", "a") + kustomization("b", "b"));
  world.folder('2', "a", config_map_yaml("in-a"));
  world.folder('2', "b", config_map_yaml("in-b") + config_map_yaml("moves"));
  world.cluster.forget_requests();
  world.pass();
  const PassReport report = world.pass();
  CHECK(report.problems.empty());
  CHECK(exists(world, "moves"));
  CHECK(position(world, "remove ConfigMap/default/moves") == world.cluster.requests().size());
}

TEST_CASE("an object in two Kustomizations stays with the first, and the other says so") {
  PassWorld world;
  world.commit('1', kustomization("a", "a") + kustomization("b", "b"));
  world.folder('1', "a", config_map_yaml("both", "from-a"));
  world.folder('1', "b", config_map_yaml("both", "from-b") + config_map_yaml("in-b"));
  const PassReport report = world.pass();
  CHECK(ready(report, "a") == Ready::yes);
  CHECK(ready(report, "b") == Ready::no);
  CHECK(message(report, "b").find("flux-system/a") != std::string::npos);
  CHECK(exists(world, "in-b"));
}

TEST_CASE("a suspended Kustomization is left as it is, and its objects stay") {
  PassWorld world;
  world.commit('1', kustomization("apps", "apps"));
  world.folder('1', "apps", config_map_yaml("a"));
  world.pass();
  world.commit('2', kustomization("apps", "apps", "  suspend: true\n"));
  world.folder('2', "apps", config_map_yaml("b"));
  const PassReport report = world.pass();
  CHECK(report.problems.empty());
  CHECK(find(report, "apps")->is_suspended);
  CHECK(exists(world, "a"));
  CHECK_FALSE(exists(world, "b"));
}

TEST_CASE("a folder that Flux was bootstrapped in is called as it says itself") {
  PassWorld world;
  world.settings.path = RelativePath::parse("clusters/home").value();
  world.settings.repository = {.url = "https://git.example.org/home.git", .branch = "main"};
  world.commit('1', "");
  world.folder('1', "clusters/home",
               config_map_yaml("top") + kustomization("flux-system", "./clusters/home") +
                   "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata:\n"
                   "  name: flux-system\n  namespace: flux-system\nspec:\n  interval: 1m\n"
                   "  url: ssh://git@git.example.org/home\n  ref: {branch: main}\n");
  const PassReport report = world.pass();
  CHECK(report.problems.empty());
  REQUIRE(report.kustomizations.size() == 1);
  CHECK(report.kustomizations.front().name == KustomizationName{"flux-system", "flux-system"});
  CHECK(world.cluster.find({"", "ConfigMap", "primocane-system", "flux-system.flux-system"}) !=
        nullptr);
  world.restart();
  world.renderer.renderings = 0;
  CHECK(world.pass().problems.empty());
  // Once to learn how it is built, and once as it is.
  CHECK(world.renderer.renderings == 2);
}

TEST_CASE("a fault in the root's own Kustomization leaves everything as it is") {
  PassWorld world;
  world.settings.path = RelativePath::parse("clusters/home").value();
  world.commit('1', "");
  world.folder('1', "clusters/home",
               config_map_yaml("top") + kustomization("flux-system", "./clusters/home"));
  CHECK(world.pass().problems.empty());
  world.commit('2', "");
  world.folder('2', "clusters/home",
               config_map_yaml("other") +
                   kustomization("flux-system", "./clusters/home", "  prone: true\n"));
  for (int pass = 0; pass < 2; ++pass) {
    const PassReport report = world.pass();
    REQUIRE(report.problems.size() == 1);
    CHECK(report.problems.front().message.find("prone") != std::string::npos);
    CHECK(exists(world, "top"));
    CHECK_FALSE(exists(world, "other"));
  }
  world.restart();
  world.pass();
  CHECK(exists(world, "top"));
  CHECK_FALSE(exists(world, "other"));
}

TEST_CASE("a set that exists keeps its name when a Kustomization of the same folder comes") {
  PassWorld world;
  world.settings.path = RelativePath::parse("clusters/home").value();
  world.commit('1', "");
  world.folder('1', "clusters/home", config_map_yaml("top"));
  world.pass();
  world.commit('2', "");
  world.folder('2', "clusters/home",
               config_map_yaml("top") + kustomization("flux-system", "./clusters/home"));
  const PassReport report = world.pass();
  CHECK(report.problems.empty());
  REQUIRE(report.kustomizations.size() == 1);
  CHECK(report.kustomizations.front().name.name == "root");
}

TEST_CASE("a spec that can't be followed fails that Kustomization, and nothing of it is pruned") {
  PassWorld world;
  world.commit('1', kustomization("apps", "apps"));
  world.folder('1', "apps", config_map_yaml("a"));
  world.pass();
  world.commit('2', kustomization("apps", "apps", "  kubeConfig: {secretRef: {name: x}}\n"));
  world.folder('2', "apps", config_map_yaml("a"));
  const PassReport report = world.pass();
  CHECK(ready(report, "apps") == Ready::no);
  CHECK(message(report, "apps").find("kubeConfig") != std::string::npos);
  CHECK(exists(world, "a"));
}

TEST_CASE("a source that nobody declares fails the Kustomization that names it") {
  PassWorld world;
  std::string spec = kustomization("apps", "apps");
  spec.replace(spec.find("name: flux-system}"), 18, "name: elsewhere}");
  world.commit('1', config_map_yaml("top") + spec);
  const PassReport report = world.pass();
  CHECK(ready(report, "apps") == Ready::no);
  CHECK(find(report, "apps")->readiness.reason == "ArtifactFailed");
  CHECK(message(report, "apps").find("GitRepository/flux-system/elsewhere is not in Git") !=
        std::string::npos);
  CHECK(exists(world, "top"));
}

TEST_CASE("a child that can't be rendered any more keeps what it had") {
  PassWorld world;
  world.commit('1', kustomization("apps", "apps"));
  world.folder('1', "apps", config_map_yaml("a"));
  world.pass();
  world.restart();
  world.commit('2', kustomization("apps", "gone"));
  const PassReport report = world.pass();
  CHECK(ready(report, "apps") == Ready::no);
  CHECK(exists(world, "a"));
}

std::string claim(std::string_view name) {
  return fmt::format(
      "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: {}\n"
      "  namespace: default\nspec: {{}}\n",
      name);
}

const ResourceId claim_id{"", "PersistentVolumeClaim", "default", "data"};

void bind(PassWorld& world) {
  world.cluster.edit(claim_id, "controller", Object{{"status", Object{{"phase", "Bound"}}}},
                     "status");
}

TEST_CASE("what waits is ready once its objects are healthy, and what depends on it runs then") {
  PassWorld world;
  world.commit('1', kustomization("base", "base", "  wait: true\n") +
                        kustomization("apps", "apps", "  dependsOn: [{name: base}]\n"));
  world.folder('1', "base", claim("data"));
  world.folder('1', "apps", config_map_yaml("a"));
  PassReport report = world.pass();
  CHECK(ready(report, "base") == Ready::unknown);
  CHECK(message(report, "base").find("PersistentVolumeClaim/default/data") != std::string::npos);
  CHECK(report.is_waiting);
  CHECK_FALSE(exists(world, "a"));
  bind(world);
  report = world.pass();
  CHECK(ready(report, "base") == Ready::yes);
  CHECK(exists(world, "a"));
}

TEST_CASE("what is not healthy in time fails, and is ready when it gets healthy after all") {
  PassWorld world;
  world.commit('1', kustomization("base", "base", "  wait: true\n  timeout: 1m\n"));
  world.folder('1', "base", claim("data"));
  world.pass();
  world.loop.run_for(std::chrono::minutes(2));
  PassReport report = world.pass();
  CHECK(ready(report, "base") == Ready::no);
  CHECK(find(report, "base")->readiness.reason == "HealthCheckFailed");
  CHECK(report.problems.size() == 1);
  bind(world);
  report = world.pass();
  CHECK(ready(report, "base") == Ready::yes);
}

TEST_CASE("a Kustomization that waits is ready when those that it contains are") {
  PassWorld world;
  world.commit('1', kustomization("outer", "outer", "  wait: true\n") +
                        kustomization("after", "after", "  dependsOn: [{name: outer}]\n"));
  world.folder('1', "outer", kustomization("inner", "inner"));
  world.folder('1', "inner", config_map_yaml("i"));
  world.folder('1', "after", config_map_yaml("last"));
  const PassReport report = world.pass();
  CHECK(ready(report, "outer") == Ready::yes);
  CHECK(ready(report, "after") == Ready::yes);
  CHECK(position(world, "apply ConfigMap/default/i") <
        position(world, "apply ConfigMap/default/last"));
}

TEST_CASE("a health check of an object that is not there waits for it") {
  PassWorld world;
  world.commit('1', kustomization("base", "base",
                                  "  healthChecks:\n    - {apiVersion: v1, kind: "
                                  "PersistentVolumeClaim, name: data, namespace: default}\n"));
  world.folder('1', "base", config_map_yaml("a"));
  const PassReport report = world.pass();
  CHECK(ready(report, "base") == Ready::unknown);
  CHECK(message(report, "base").find("NotFound") != std::string::npos);
}

TEST_CASE("an expression tells when a dependency is ready enough") {
  PassWorld world;
  const std::string_view ready_enough =
      "  dependsOn:\n    - name: base\n"
      "      readyExpr: dep.metadata.labels['stage'] == self.metadata.labels['stage']\n";
  const auto labelled = [](std::string text) {
    text.replace(text.find("  namespace: flux-system"), 24,
                 "  namespace: flux-system\n  labels: {stage: one}");
    return text;
  };
  world.commit('1', labelled(kustomization("apps", "apps", ready_enough)) +
                        labelled(kustomization("base", "base", "  wait: true\n")));
  world.folder('1', "base", claim("data"));
  world.folder('1', "apps", config_map_yaml("a"));
  const PassReport report = world.pass();
  CHECK(ready(report, "base") == Ready::unknown);
  CHECK(exists(world, "a"));
}

TEST_CASE("an expression that does not hold keeps back what depends on it") {
  PassWorld world;
  world.commit('1', kustomization("apps", "apps",
                                  "  dependsOn:\n    - name: base\n      readyExpr: dep.spec.path "
                                  "== './nowhere'\n") +
                        kustomization("base", "base"));
  world.folder('1', "base", config_map_yaml("b"));
  world.folder('1', "apps", config_map_yaml("a"));
  const PassReport report = world.pass();
  CHECK(ready(report, "base") == Ready::yes);
  CHECK(message(report, "apps").find("readyExpr") != std::string::npos);
  CHECK_FALSE(exists(world, "a"));
}

TEST_CASE("an expression tells the health of a Kustomization that is waited for") {
  PassWorld world;
  world.commit(
      '1', kustomization("outer", "outer",
                         "  wait: true\n  healthCheckExprs:\n"
                         "    - apiVersion: kustomize.toolkit.fluxcd.io/v1\n"
                         "      kind: Kustomization\n"
                         "      failed: status.conditions.filter(e, e.type == 'Ready').all(e, "
                         "e.observedGeneration == metadata.generation && e.status == 'False')\n"
                         "      current: status.conditions.filter(e, e.type == 'Ready').all(e, "
                         "e.observedGeneration == metadata.generation && e.status == 'True')\n"));
  world.folder('1', "outer", kustomization("inner", "inner"));
  CHECK(ready(world.pass(), "outer") == Ready::no);
  world.commit('2', kustomization("outer", "outer", "  wait: true\n"));
  world.folder('2', "outer", kustomization("inner", "inner"));
  CHECK(ready(world.pass(), "outer") == Ready::unknown);
}

}  // namespace
}  // namespace primocane
