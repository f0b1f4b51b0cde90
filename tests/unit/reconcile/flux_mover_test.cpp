// SPDX-License-Identifier: Apache-2.0
// Moving from Flux and back, in a cluster in which Flux has applied something.
#include "reconcile/flux_mover.hpp"

#include "resource/well_known.hpp"
#include "support/pass_world.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace primocane;

namespace {

const std::string flux_space = "flux-system";
const ResourceId root_id{"kustomize.toolkit.fluxcd.io", "Kustomization", flux_space, flux_space};
const ResourceId release_id{"helm.toolkit.fluxcd.io", "HelmRelease", flux_space, "web"};
const ResourceId controller_id{"apps", "Deployment", flux_space, "kustomize-controller"};
const ResourceId chart_id{"helm.cattle.io", "HelmChart", flux_space, "web"};

void serve_kind(FakeCluster& cluster, std::string group, std::string kind, std::string version) {
  std::string plural = kind + "s";
  cluster.serve({.group_kind = {std::move(group), std::move(kind)},
                 .versions = {std::move(version)},
                 .plural = std::move(plural)});
}

// A cluster that Flux was bootstrapped in, with ConfigMap default/a from Git, and pods that end as
// soon as nobody wants them.
class FluxWorld : public PassWorld {
 public:
  FluxWorld() {
    serve_kind(cluster, "kustomize.toolkit.fluxcd.io", "Kustomization", "v1");
    serve_kind(cluster, "source.toolkit.fluxcd.io", "GitRepository", "v1");
    serve_kind(cluster, "helm.toolkit.fluxcd.io", "HelmRelease", "v2");
    serve_kind(cluster, "helm.cattle.io", "HelmChart", "v1");
    cluster.create(yaml_value("{apiVersion: v1, kind: Namespace, metadata: {name: flux-system}}"));
    cluster.create(yaml_value(R"(
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: "ssh://git@git.example.org/home.git", ref: {branch: main}}
)"));
    cluster.create(yaml_value(R"(
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec:
  interval: 10m
  path: ./clusters/home
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
status: {inventory: {entries: [{id: default_a__ConfigMap, v: v1}]}}
)"));
    cluster.create(yaml_value(R"(
apiVersion: apps/v1
kind: Deployment
metadata:
  name: kustomize-controller
  namespace: flux-system
  labels: {app.kubernetes.io/part-of: flux, app.kubernetes.io/component: kustomize-controller}
spec: {replicas: 2}
status: {replicas: 2}
)"));
    apply_by_flux("{k: v, old: x}");
    cluster.after_effect = [this](std::string_view what) {
      if (ends_pods && what == "patch Deployment/flux-system/kustomize-controller") end_pods();
    };
  }

  void apply_by_flux(std::string_view data) {
    cluster.apply_as("kustomize-controller", yaml_value(fmt::format(R"(
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  namespace: default
  labels:
    kustomize.toolkit.fluxcd.io/name: flux-system
    kustomize.toolkit.fluxcd.io/namespace: flux-system
data: {}
)",
                                                                    data)));
  }

  void end_pods() {
    const Value* replicas = cluster.find(controller_id)->find("spec", "replicas");
    cluster.edit(controller_id, "kubelet", Object{{"status", Object{{"replicas", *replicas}}}});
  }

  void add_release(std::string_view spec) {
    cluster.create(yaml_value(fmt::format(R"(
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: flux-system
  labels:
    kustomize.toolkit.fluxcd.io/name: flux-system
    kustomize.toolkit.fluxcd.io/namespace: flux-system
spec: {}
)",
                                          spec)));
  }

  ConfiguredFolder folder() const {
    return {.repository = {.url = "https://git.example.org/home", .branch = branch},
            .path = RelativePath::parse(path).value()};
  }

  MovePlan preview() { return run_until_done(loop, preview_adoption(cluster, folder())).value(); }
  Result<MovePlan> adopt() { return run_until_done(loop, adopt_flux(cluster, loop, folder())); }
  Result<MovePlan> give_back() { return run_until_done(loop, return_to_flux(cluster, loop)); }

  [[nodiscard]] const Value& object(const ResourceId& id) const { return *cluster.find(id); }
  [[nodiscard]] std::string_view replicas() const {
    return object(controller_id).find("spec", "replicas")->as_number()->text;
  }
  [[nodiscard]] bool is_suspended(const ResourceId& id) const {
    const Value* flag = object(id).find("spec", "suspend");
    return flag != nullptr && *flag == Value(true);
  }
  [[nodiscard]] std::vector<std::string> managers(const ResourceId& id) const {
    std::vector<std::string> names;
    for (const Value& entry : *object(id).find("metadata", "managedFields")->as_array()) {
      names.emplace_back(entry.text_at("manager"));
    }
    return names;
  }

  bool ends_pods = true;
  std::string path = "clusters/home";
  std::string branch = "main";
};

std::vector<std::string> steps_of(const MovePlan& plan) {
  std::vector<std::string> steps;
  for (const FluxMove& move : plan.moves) {
    steps.push_back(fmt::format("{} {}", to_string(move.action), to_string(move.id)));
  }
  return steps;
}

using Steps = std::vector<std::string>;

}  // namespace

TEST_CASE("an inventory's id is taken apart, with the colons of a name") {
  CHECK(read_inventory_id("home_web_apps_Deployment") ==
        ResourceId{"apps", "Deployment", "home", "web"});
  CHECK(read_inventory_id("_system__node_rbac.authorization.k8s.io_ClusterRole") ==
        ResourceId{"rbac.authorization.k8s.io", "ClusterRole", "", "system:node"});
  CHECK(read_inventory_id("home_web__ConfigMap") == ResourceId{"", "ConfigMap", "home", "web"});
  for (const std::string_view text : {"", "_", "__", "___", "a_b", "a_b_C", "a___"}) {
    CAPTURE(text);
    CHECK_FALSE(read_inventory_id(text).has_value());
  }
}

TEST_CASE("a preview of an adoption says what would be done, and writes nothing") {
  FluxWorld world;
  const std::string before = world.cluster.dump();
  const MovePlan plan = world.preview();
  CHECK(plan.obstacles.empty());
  CHECK(steps_of(plan) == Steps{"suspend Kustomization/flux-system/flux-system",
                                "stop Deployment/flux-system/kustomize-controller",
                                "take over ConfigMap/default/a"});
  CHECK(plan.objects == std::map<std::string, std::size_t>{{"flux-system/flux-system", 1}});
  CHECK(world.cluster.dump() == before);
}

TEST_CASE("an adoption suspends before it stops, and then there is nothing left to do") {
  FluxWorld world;
  const Result<MovePlan> plan = world.adopt();
  REQUIRE(plan.has_value());
  CHECK(steps_of(*plan) == Steps{"suspend Kustomization/flux-system/flux-system",
                                 "stop Deployment/flux-system/kustomize-controller",
                                 "take over ConfigMap/default/a"});
  CHECK(world.is_suspended(root_id));
  CHECK(world.replicas() == "0");
  CHECK(world.managers(default_map("a")) == std::vector<std::string>{"primocane"});
  CHECK(world.preview().moves.empty());
}

TEST_CASE("after an adoption a pass takes the objects, and removes what left Git") {
  FluxWorld world;
  REQUIRE(world.adopt().has_value());
  world.commit('1', config_map_yaml("a"));
  CHECK(world.pass().problems.empty());
  CHECK(world.object(default_map("a")).text_at("data", "k") == "v");
  CHECK(world.object(default_map("a")).find("data", "old") == nullptr);
  world.commit('2', config_map_yaml("b"));
  CHECK(world.pass().problems.empty());
  CHECK(world.cluster.find(default_map("a")) == nullptr);
}

TEST_CASE("an adoption that was killed anywhere goes on where it stood") {
  for (int kill_at = 0; kill_at < 3; ++kill_at) {
    CAPTURE(kill_at);
    FluxWorld world;
    int patches = 0;
    world.cluster.on_request = [&](const FakeRequest& request) -> std::optional<Error> {
      if (request.verb != "patch" || patches++ != kill_at) return std::nullopt;
      return Error{ErrorKind::unavailable, "the power was cut"};
    };
    CHECK_FALSE(world.adopt().has_value());
    world.cluster.on_request = nullptr;
    REQUIRE(world.adopt().has_value());
    CHECK(world.is_suspended(root_id));
    CHECK(world.replicas() == "0");
    CHECK(world.managers(default_map("a")) == std::vector<std::string>{"primocane"});
    REQUIRE(world.give_back().has_value());
    CHECK(world.replicas() == "2");
    CHECK_FALSE(world.is_suspended(root_id));
  }
}

TEST_CASE("another folder, branch or repository than Flux's is an obstacle, and nothing is done") {
  FluxWorld world;
  SECTION("folder") { world.path = "clusters/other"; }
  SECTION("branch") { world.branch = "stable"; }
  const std::string before = world.cluster.dump();
  const Result<MovePlan> plan = world.adopt();
  REQUIRE(plan.has_value());
  REQUIRE(plan->obstacles.size() == 1);
  CHECK(plan->obstacles.front().find("flux-system/flux-system follows") != std::string::npos);
  CHECK(world.cluster.dump() == before);
}

TEST_CASE("what is not served is an obstacle that names the object and the field") {
  FluxWorld world;
  world.add_release(
      "{interval: 1m, postRenderers: [{kustomize: {}}], "
      "chartRef: {kind: OCIRepository, name: web}}");
  const MovePlan plan = world.preview();
  REQUIRE(plan.obstacles.size() == 1);
  CHECK(plan.obstacles.front().starts_with("HelmRelease/flux-system/web"));
  CHECK(plan.obstacles.front().find("postRenderers") != std::string::npos);
}

TEST_CASE("a flux-operator that runs has to be stopped by hand first") {
  FluxWorld world;
  world.cluster.create(yaml_value(R"(
apiVersion: apps/v1
kind: Deployment
metadata:
  name: flux-operator
  namespace: flux-system
  labels: {app.kubernetes.io/name: flux-operator}
spec: {replicas: 1}
)"));
  const MovePlan plan = world.preview();
  REQUIRE(plan.obstacles.size() == 1);
  CHECK(plan.obstacles.front().find("flux-operator") != std::string::npos);
}

TEST_CASE("a cluster without Flux has nothing to adopt, and nothing to give back to") {
  TestLoop loop;
  FakeCluster cluster(loop);
  const ConfiguredFolder folder{
      .repository = {.url = "https://git.example.org/x", .branch = "main"}, .path = {}};
  CHECK(run_until_done(loop, preview_adoption(cluster, folder)).value().obstacles.size() == 1);
  CHECK(run_until_done(loop, preview_return(cluster)).value().obstacles.size() == 1);
}

TEST_CASE("a Kustomization that is not from Git is suspended, and its objects are not taken over") {
  FluxWorld world;
  world.cluster.create(yaml_value(R"(
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: by-hand, namespace: default}
spec: {interval: 1m, path: ./x, prune: true, sourceRef: {kind: Bucket, name: b}}
status: {inventory: {entries: [{id: default_b__ConfigMap, v: v1}]}}
)"));
  const MovePlan plan = world.preview();
  CHECK(plan.obstacles.empty());
  REQUIRE(plan.notes.size() == 1);
  CHECK(plan.notes.front().starts_with("Kustomization/default/by-hand is not from Git"));
  CHECK(std::ranges::count(steps_of(plan), "suspend Kustomization/default/by-hand") == 1);
}

TEST_CASE("a program that does not end fails the adoption in time, and nothing is taken over") {
  FluxWorld world;
  world.ends_pods = false;
  const Result<MovePlan> plan = world.adopt();
  REQUIRE_FALSE(plan.has_value());
  CHECK(plan.error().kind == ErrorKind::unavailable);
  CHECK(plan.error().message.starts_with("Deployment/flux-system/kustomize-controller: stop"));
  CHECK(world.managers(default_map("a")) == std::vector<std::string>{"kustomize-controller"});
}

TEST_CASE("what Flux applies while it is being stopped is taken over as well") {
  FluxWorld world;
  world.cluster.after_effect = [&world](std::string_view what) {
    if (what != "patch Deployment/flux-system/kustomize-controller") return;
    world.apply_by_flux("{k: later}");
    world.end_pods();
  };
  REQUIRE(world.adopt().has_value());
  CHECK(world.managers(default_map("a")) == std::vector<std::string>{"primocane"});
}

TEST_CASE("a conflict is tried again") {
  FluxWorld world;
  int conflicts = 3;
  world.cluster.on_request = [&](const FakeRequest& request) -> std::optional<Error> {
    if (request.verb != "patch" || conflicts-- <= 0) return std::nullopt;
    return Error{ErrorKind::conflict, "the object has been modified"};
  };
  CHECK(world.adopt().has_value());
}

TEST_CASE("giving back undoes an adoption") {
  FluxWorld world;
  REQUIRE(world.adopt().has_value());
  world.commit('1', config_map_yaml("a") + config_map_yaml("b"));
  REQUIRE(world.pass().problems.empty());
  REQUIRE(world.give_back().has_value());
  for (const std::string_view name : {"a", "b"}) {
    const ResourceId id = default_map(name);
    CHECK(world.managers(id) == std::vector<std::string>{"kustomize-controller"});
    CHECK(world.object(id).text_at("metadata", "labels", applyset_part_of_label).empty());
  }
  CHECK_FALSE(world.object(root_id).find("spec")->as_object()->contains("suspend"));
  CHECK(world.replicas() == "2");
  const auto ids = world.cluster.ids();
  CHECK(std::ranges::none_of(
      ids, [](const ResourceId& id) { return id.namespace_name == system_namespace; }));
  CHECK(world.give_back().value().moves.empty());
}

TEST_CASE("what was taken over and never applied is given back as well") {
  FluxWorld world;
  REQUIRE(world.adopt().has_value());
  REQUIRE(world.give_back().has_value());
  CHECK(world.managers(default_map("a")) == std::vector<std::string>{"kustomize-controller"});
  CHECK(world.give_back().value().moves.empty());
}

TEST_CASE("an object that says it is to be left alone stays as it is") {
  FluxWorld world;
  world.cluster.edit(default_map("a"), "person",
                     yaml_value("metadata: {annotations: {kustomize.toolkit.fluxcd.io/reconcile: "
                                "disabled}}"));
  CHECK(std::ranges::count(steps_of(world.preview()), "take over ConfigMap/default/a") == 0);
}

TEST_CASE("only what an adoption suspended is resumed") {
  FluxWorld world;
  world.add_release("{interval: 1m, suspend: true, chartRef: {kind: OCIRepository, name: web}}");
  REQUIRE(world.adopt().has_value());
  REQUIRE(world.give_back().has_value());
  CHECK(world.is_suspended(release_id));
  CHECK_FALSE(world.is_suspended(root_id));
}

TEST_CASE("a false that Flux has written for suspend is false again") {
  FluxWorld world;
  world.cluster.edit(root_id, "kubectl-edit", yaml_value("spec: {suspend: false}"));
  REQUIRE(world.adopt().has_value());
  CHECK(world.is_suspended(root_id));
  REQUIRE(world.give_back().has_value());
  CHECK(*world.object(root_id).find("spec", "suspend") == Value(false));
}

TEST_CASE("a HelmChart that stands for a HelmRelease goes without uninstalling it") {
  FluxWorld world;
  world.add_release("{interval: 1m, chartRef: {kind: OCIRepository, name: web}}");
  REQUIRE(world.adopt().has_value());
  world.commit('1', config_map_yaml("a") + R"(---
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: web, namespace: flux-system}
spec: {chart: web}
---
apiVersion: v1
kind: Secret
metadata: {name: web-helm-values, namespace: flux-system}
)");
  REQUIRE(world.pass().problems.empty());
  world.cluster.edit(
      chart_id, "helm-controller",
      yaml_value("metadata: {finalizers: [wrangler.cattle.io/on-helm-chart-remove]}"));
  bool was_unmanaged = false;
  world.cluster.on_effect = [&](std::string_view what) {
    if (what != "delete HelmChart/flux-system/web") return;
    was_unmanaged = !world.object(chart_id)
                         .text_at("metadata", "annotations", "helmcharts.helm.cattle.io/unmanaged")
                         .empty();
  };
  REQUIRE(world.give_back().has_value());
  CHECK(was_unmanaged);
  CHECK(world.cluster.find(chart_id) == nullptr);
  CHECK(world.cluster.find({"", "Secret", "flux-system", "web-helm-values"}) == nullptr);
}

TEST_CASE("a copy that carries a member's label is not given back") {
  FluxWorld world;
  REQUIRE(world.adopt().has_value());
  world.commit('1', config_map_yaml("a"));
  REQUIRE(world.pass().problems.empty());
  const ResourceId copy = world.cluster.label_copy(default_map("a"), "copy");
  REQUIRE(world.give_back().has_value());
  CHECK_FALSE(world.object(copy).text_at("metadata", "labels", applyset_part_of_label).empty());
}

TEST_CASE("giving back that was killed anywhere goes on where it stood") {
  bool was_killed = true;
  for (int kill_at = 0; was_killed; ++kill_at) {
    CAPTURE(kill_at);
    FluxWorld world;
    REQUIRE(world.adopt().has_value());
    world.commit('1', config_map_yaml("a") + config_map_yaml("b"));
    REQUIRE(world.pass().problems.empty());
    int effects = 0;
    was_killed = false;
    world.cluster.on_request = [&](const FakeRequest& request) -> std::optional<Error> {
      const bool is_effect = request.verb == "patch" || request.verb == "delete";
      if (!is_effect || effects++ != kill_at) return std::nullopt;
      was_killed = true;
      return Error{ErrorKind::unavailable, "the power was cut"};
    };
    const bool is_done = world.give_back().has_value();
    CHECK(is_done != was_killed);
    world.cluster.on_request = nullptr;
    REQUIRE(world.give_back().has_value());
    for (const std::string_view name : {"a", "b"}) {
      CHECK(world.managers(default_map(name)) == std::vector<std::string>{"kustomize-controller"});
    }
    CHECK(world.replicas() == "2");
    CHECK_FALSE(world.is_suspended(root_id));
  }
}

TEST_CASE("what belongs to Helm by its marks is left to it, and told") {
  FluxWorld world;
  world.cluster.edit(default_map("a"), "helm", yaml_value(R"(
metadata:
  labels: {app.kubernetes.io/managed-by: Helm}
  annotations: {meta.helm.sh/release-name: web, meta.helm.sh/release-namespace: home}
)"));
  const MovePlan plan = world.preview();
  REQUIRE(plan.notes.size() == 1);
  CHECK(plan.notes.front().find("Helm release home/web") != std::string::npos);
  CHECK(std::ranges::count(steps_of(plan), "take over ConfigMap/default/a") == 0);
}
