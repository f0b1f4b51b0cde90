// SPDX-License-Identifier: Apache-2.0
// Passes over repositories that contain HelmReleases.
#include "reconcile/helm_releases.hpp"

#include "base/base64.hpp"
#include "document/json.hpp"
#include "support/fake_charts.hpp"
#include "support/pass_world.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <chrono>
#include <string>
#include <string_view>

namespace primocane {
namespace {

constexpr std::string_view definition = R"(
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: helmcharts.helm.cattle.io}
spec:
  group: helm.cattle.io
  names: {kind: HelmChart, plural: helmcharts}
  scope: Namespaced
  versions:
  - name: v1
    schema: {openAPIV3Schema: {properties: {spec: {properties: {chart: {}, version: {}, repo: {},
      targetNamespace: {}, timeout: {}, valuesSecrets: {}, valuesContent: {}, authSecret: {},
      failurePolicy: {enum: [abort, reinstall, retry]}}}}}}
)";

constexpr std::string_view source =
    "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\n"
    "metadata: {name: web, namespace: default}\nspec: {interval: 1h, url: "
    "'oci://ghcr.io/org/web'}\n";

std::string release(std::string_view name, std::string_view more = {}) {
  return fmt::format(
      "---\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
      "metadata: {{name: {}, namespace: default}}\nspec:\n  interval: 1h\n"
      "  chartRef: {{kind: OCIRepository, name: web}}\n{}",
      name, more);
}

ResourceId chart_id(std::string_view name) { return helm_chart_id("default", name); }

ResourceId secret_id(std::string_view name) { return {"", "Secret", "default", std::string(name)}; }

// A world with a Helm controller's kind and one chart.
struct HelmWorld {
  HelmWorld() {
    world.charts = &charts;
    world.cluster.create(yaml_value(definition));
    charts.answers["web"] = {.name = {},
                             .url = "oci://ghcr.io/org/web",
                             .version = "1.2.3",
                             .digest = "sha256:1",
                             .access = {}};
  }

  PassReport commit(char digit, const std::string& manifests) {
    world.commit(digit, manifests);
    return world.pass();
  }

  std::string_view version_of(std::string_view name) {
    const Value* chart = world.cluster.find(chart_id(name));
    return chart == nullptr ? std::string_view() : chart->text_at("spec", "version");
  }

  // The one document of values in the release's Secret.
  std::string values_of(std::string_view name) {
    const Value* secret = world.cluster.find(secret_id(std::string(name) + "-helm-values"));
    if (secret == nullptr) return "none";
    return from_base64(*secret->find("data")->as_object()->begin()->second.as_string()).value();
  }

  // What the Helm controller does, and how it ended.
  void deploy(const std::string& name, std::string_view status = "deployed") {
    const Value* chart = world.cluster.find(chart_id(name));
    REQUIRE(chart != nullptr);
    const std::string key = write_json(*chart->find("spec", "valuesSecrets")
                                            ->as_array()
                                            ->front()
                                            .find("keys")
                                            ->as_array()
                                            ->data());
    const std::string job = fmt::format(
        R"({{apiVersion: batch/v1, kind: Job, metadata: {{name: helm-install-{0}, namespace: default}},
        spec: {{template: {{metadata: {{annotations: {{helmcharts.helm.cattle.io/configHash: SHA256=A}}}},
        spec: {{containers: [{{env: [{{name: VERSION, value: "{1}"}}, {{name: CHART, value: "{2}"}}]}}],
        volumes: [{{projected: {{sources: [{{secret: {{name: {0}-helm-values, items: [{{key: {3}}}]}}}}]}}}}]}}}}}},
        status: {{conditions: [{{type: Complete, status: "True"}}]}}}})",
        name, chart->text_at("spec", "version"), chart->text_at("spec", "chart"), key);
    world.cluster.create(yaml_value(job));
    const std::string kept = fmt::format(
        "{{apiVersion: v1, kind: Secret, metadata: {{name: sh.helm.release.v1.{0}.v1, namespace: "
        "default, labels: {{owner: helm, name: {0}, version: '1', status: {1}, "
        "helmcharts.helm.cattle.io/configHash: A}}}}}}",
        name, status);
    world.cluster.create(yaml_value(kept));
    world.cluster.edit(chart_id(name), "helm-controller",
                       yaml_value(fmt::format("{{status: {{jobName: helm-install-{}}}}}", name)),
                       "status");
  }

  PassWorld world;
  FakeCharts charts;
};

bool mentions(const PassReport& report, std::string_view object, std::string_view words) {
  for (const Problem& problem : report.problems) {
    if (problem.object == object && problem.message.find(words) != std::string::npos) return true;
  }
  return false;
}

TEST_CASE("a HelmRelease is applied as a HelmChart with its values in a Secret") {
  HelmWorld helm;
  const PassReport report =
      helm.commit('1', std::string(source) + release("web", "  values: {a: 1}\n"));
  CHECK(report.problems.empty());
  CHECK(helm.version_of("web") == "1.2.3");
  CHECK(helm.values_of("web") == "a: 1\n");
  CHECK(helm.world.cluster.find({"helm.toolkit.fluxcd.io", "HelmRelease", "default", "web"}) ==
        nullptr);
}

TEST_CASE("a pass without news asks neither for charts nor for values") {
  HelmWorld helm;
  helm.commit('1', std::string(source) + release("web"));
  helm.deploy("web");
  helm.world.pass();
  helm.world.pass();
  helm.world.cluster.forget_requests();
  const std::size_t questions = helm.charts.questions.size();
  const PassReport report = helm.world.pass();
  CHECK(report.changes == 0);
  CHECK_FALSE(report.is_waiting);
  CHECK(helm.charts.questions.size() == questions);
  for (const std::string& request : helm.world.cluster.requests()) {
    CHECK_FALSE(request.starts_with("get "));
  }
}

TEST_CASE("a newer version of the chart is found at the release's interval") {
  HelmWorld helm;
  helm.commit('1', std::string(source) + release("web"));
  helm.charts.answers["web"].version = "1.2.4";
  helm.world.pass();
  CHECK(helm.version_of("web") == "1.2.3");
  helm.world.loop.run_for(std::chrono::hours(1));
  helm.world.pass();
  CHECK(helm.version_of("web") == "1.2.4");
}

TEST_CASE("values come from what Git brings in the same commit, and from the cluster") {
  HelmWorld helm;
  helm.world.cluster.create(
      yaml_value("{apiVersion: v1, kind: Secret, metadata: {name: login, namespace: default}, "
                 "data: {password: "
                 "aHVudGVyMg==}}"));
  const std::string values =
      "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: values, namespace: default}\n"
      "data: {values.yaml: 'a: from-git'}\n";
  const std::string more =
      "  valuesFrom:\n  - {kind: ConfigMap, name: values}\n"
      "  - {kind: Secret, name: login, valuesKey: password, targetPath: b}\n";
  const PassReport report = helm.commit('1', std::string(source) + values + release("web", more));
  CHECK(report.problems.empty());
  CHECK(helm.values_of("web") == "a: from-git\nb: hunter2\n");
  CHECK(write_json(*helm.world.cluster.find(chart_id("web"))).find("hunter2") == std::string::npos);
}

TEST_CASE("a release whose chart can't be found keeps what it has, and nothing is pruned for it") {
  HelmWorld helm;
  helm.commit('1', std::string(source) + release("web"));
  helm.charts.answers.clear();
  helm.world.restart();
  const PassReport report = helm.commit('2', std::string(source) + release("web"));
  CHECK(mentions(report, "HelmRelease/default/web", "no such chart"));
  CHECK(helm.version_of("web") == "1.2.3");
  CHECK(helm.world.cluster.find(secret_id("web-helm-values")) != nullptr);
}

TEST_CASE("a release of which nothing is known yet keeps nothing else from being pruned") {
  HelmWorld helm;
  const std::string waiting = release("web", "  dependsOn: [{name: elsewhere}]\n");
  helm.commit('1',
              std::string(source) + config_map_yaml("a") + config_map_yaml("b") + release("web"));
  helm.world.restart();
  const PassReport report = helm.commit('2', std::string(source) + config_map_yaml("a") + waiting);
  CHECK(report.problems.empty());
  CHECK(helm.version_of("web") == "1.2.3");
  CHECK(helm.world.cluster.find(secret_id("web-helm-values")) != nullptr);
  CHECK(helm.world.cluster.find(default_map("b")) == nullptr);
}

TEST_CASE("a HelmRelease that can't be served is named, and others go on") {
  HelmWorld helm;
  const PassReport report =
      helm.commit('1', std::string(source) +
                           release("bad", "  postRenderers: [{kustomize: {}}]\n") + release("web"));
  CHECK(mentions(report, "HelmRelease/default/bad", "postRenderers is not served"));
  CHECK(helm.version_of("bad").empty());
  CHECK(helm.version_of("web") == "1.2.3");
}

TEST_CASE("without a Helm controller a HelmRelease is an error that says how to get one") {
  PassWorld world;
  FakeCharts charts;
  charts.answers["web"] = {
      .name = {}, .url = "oci://a/web", .version = "1", .digest = {}, .access = {}};
  world.charts = &charts;
  world.commit('1', std::string(source) + release("web") + config_map_yaml("a"));
  const PassReport report = world.pass();
  CHECK(mentions(report, "HelmRelease/default/web", "disable-helm-controller"));
  CHECK(world.cluster.find(default_map("a")) != nullptr);
}

TEST_CASE("a release waits for those it depends on") {
  HelmWorld helm;
  const std::string manifests =
      std::string(source) + release("a", "  dependsOn: [{name: b}]\n") + release("b");
  const PassReport first = helm.commit('1', manifests);
  CHECK(helm.version_of("a").empty());
  CHECK(helm.version_of("b") == "1.2.3");
  CHECK(first.is_waiting);
  CHECK(first.problems.empty());
  helm.world.pass();
  CHECK(helm.version_of("a").empty());
  helm.deploy("b");
  helm.world.pass();
  helm.world.pass();
  CHECK(helm.version_of("a") == "1.2.3");
}

TEST_CASE("a release that Helm calls failed is a problem with its words") {
  HelmWorld helm;
  helm.commit('1', std::string(source) + release("web"));
  helm.deploy("web", "failed");
  const PassReport report = helm.world.pass();
  CHECK(mentions(report, "HelmRelease/default/web", "failed"));
}

TEST_CASE("a HelmRelease that left Git is uninstalled, and its Secrets go after its HelmChart") {
  HelmWorld helm;
  helm.commit('1', std::string(source) + config_map_yaml("a") + release("web"));
  helm.world.cluster.edit(
      chart_id("web"), "helm-controller",
      yaml_value("{metadata: {finalizers: [wrangler.cattle.io/on-helm-chart-remove]}}"));
  helm.commit('2', std::string(source) + config_map_yaml("a"));
  const Value* chart = helm.world.cluster.find(chart_id("web"));
  REQUIRE(chart != nullptr);
  CHECK_FALSE(chart->text_at("metadata", "deletionTimestamp").empty());
  helm.world.pass();
  CHECK(helm.world.cluster.find(secret_id("web-helm-values")) != nullptr);
  helm.world.cluster.edit(chart_id("web"), "helm-controller",
                          yaml_value("{metadata: {finalizers: null}}"));
  helm.world.pass();
  CHECK(helm.world.cluster.find(chart_id("web")) == nullptr);
  CHECK(helm.world.cluster.find(secret_id("web-helm-values")) == nullptr);
}

TEST_CASE("nothing of a suspended release changes, and it is not uninstalled") {
  HelmWorld helm;
  helm.commit('1',
              std::string(source) + config_map_yaml("a") + release("web", "  values: {a: 1}\n"));
  helm.deploy("web");
  helm.world.pass();
  const Value before = *helm.world.cluster.find(chart_id("web"))->find("spec");
  helm.charts.answers["web"].version = "2.0.0";
  const std::string suspended =
      std::string(source) + config_map_yaml("a") +
      release("web", "  suspend: true\n  timeout: 9m\n  values: {a: 2}\n");
  for (int i = 0; i < 2; ++i) {
    const PassReport report = helm.commit('2', suspended);
    CHECK(report.problems.empty());
    const Value* chart = helm.world.cluster.find(chart_id("web"));
    CHECK(*chart->find("spec") == before);
    CHECK_FALSE(
        chart->text_at("metadata", "annotations", "helmcharts.helm.cattle.io/unmanaged").empty());
    CHECK(helm.values_of("web") == "a: 1\n");
    REQUIRE(report.helm_releases.size() == 1);
    CHECK(report.helm_releases.front().is_suspended);
    CHECK(report.helm_releases.front().readiness.ready == Ready::yes);
    helm.world.restart();
  }
  helm.commit('3', std::string(source) + config_map_yaml("a"));
  helm.world.pass();
  CHECK(helm.world.cluster.find(chart_id("web")) != nullptr);
  CHECK(helm.values_of("web") == "a: 1\n");

  helm.commit('4',
              std::string(source) + config_map_yaml("a") + release("web", "  values: {a: 2}\n"));
  CHECK(helm.version_of("web") == "2.0.0");
  CHECK(helm.values_of("web") == "a: 2\n");
  CHECK(helm.world.cluster.find(chart_id("web"))
            ->find("metadata", "annotations", "helmcharts.helm.cattle.io/unmanaged") == nullptr);
}

TEST_CASE("a release that is suspended from the beginning is not installed") {
  HelmWorld helm;
  helm.charts.answers.clear();
  const PassReport report =
      helm.commit('1', std::string(source) + release("web", "  suspend: true\n"));
  CHECK(report.problems.empty());
  CHECK_FALSE(report.is_waiting);
  CHECK(helm.world.cluster.find(chart_id("web")) == nullptr);
  CHECK(helm.charts.questions.empty());
}

TEST_CASE("a release waits when what it depends on changes in the same commit") {
  HelmWorld helm;
  const std::string a = release("a", "  dependsOn: [{name: b}]\n  values: {a: ");
  const std::string b = release("b", "  values: {a: ");
  helm.commit('1', std::string(source) + a + "1}\n" + b + "1}\n");
  helm.deploy("b");
  helm.world.pass();
  helm.world.pass();
  REQUIRE(helm.values_of("a") == "a: 1\n");
  const PassReport report = helm.commit('2', std::string(source) + a + "2}\n" + b + "2}\n");
  CHECK(helm.values_of("b") == "a: 2\n");
  CHECK(helm.values_of("a") == "a: 1\n");
  REQUIRE(report.helm_releases.size() == 2);
  CHECK(report.helm_releases.front().readiness.reason == "DependencyNotReady");
}

TEST_CASE("releases that depend on each other in a circle are told with the way") {
  HelmWorld helm;
  const PassReport report =
      helm.commit('1', std::string(source) + release("a", "  dependsOn: [{name: b}]\n") +
                           release("b", "  dependsOn: [{name: a}]\n") + release("web"));
  CHECK(mentions(report, "HelmRelease/default/a", "default/a → default/b → default/a"));
  CHECK(mentions(report, "HelmRelease/default/b", "default/b → default/a → default/b"));
  CHECK(helm.version_of("web") == "1.2.3");
}

TEST_CASE("a chart that is refused is not asked for again before its time") {
  HelmWorld helm;
  helm.charts.answers.clear();
  helm.charts.failure = ErrorKind::denied;
  helm.commit('1', std::string(source) + release("web"));
  const PassReport report = helm.world.pass();
  CHECK(helm.charts.questions.size() == 1);
  CHECK(mentions(report, "HelmRelease/default/web", "no such chart"));
  helm.world.loop.run_for(std::chrono::minutes(1));
  helm.world.pass();
  CHECK(helm.charts.questions.size() == 2);
}

TEST_CASE("a release is listed with its chart's version and its readiness") {
  HelmWorld helm;
  PassReport report = helm.commit('1', std::string(source) + release("web"));
  REQUIRE(report.helm_releases.size() == 1);
  CHECK(report.helm_releases.front().readiness.ready == Ready::unknown);
  CHECK(report.helm_releases.front().chart == "oci://ghcr.io/org/web");
  helm.deploy("web");
  report = helm.world.pass();
  CHECK(report.helm_releases.front().readiness.ready == Ready::yes);
  CHECK(report.helm_releases.front().readiness.revision == "1.2.3");
  CHECK(report.helm_releases.front().readiness.message == "revision 1 of release web is deployed");
}

TEST_CASE("two releases of one name are an error of the second") {
  HelmWorld helm;
  const PassReport report =
      helm.commit('1', std::string(source) + release("a", "  releaseName: same\n") +
                           release("b", "  releaseName: same\n"));
  CHECK(helm.version_of("same") == "1.2.3");
  CHECK(mentions(report, "HelmRelease/default/b", "the release name same"));
}

TEST_CASE("a release that comes with the name of one that is installed leaves one of them") {
  HelmWorld helm;
  const std::string web = std::string(source) + release("web", "  values: {a: 1}\n");
  helm.commit('1', web);
  const PassReport report = helm.commit('2', web + release("app", "  releaseName: web\n"));
  CHECK(helm.version_of("web") == "1.2.3");
  CHECK(mentions(report, "HelmRelease/default/web", "the release name web"));
  CHECK_FALSE(mentions(report, "HelmRelease/default/app", ""));
  const PassReport after = helm.commit('3', web);
  CHECK(after.problems.empty());
  CHECK(helm.values_of("web") == "a: 1\n");
}

std::string suspended(std::string object) { return std::move(object) + "  suspend: true\n"; }

constexpr std::string_view block_source =
    "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\n"
    "metadata: {name: web, namespace: default}\nspec:\n  interval: 1h\n  url: "
    "oci://ghcr.io/org/web\n";

TEST_CASE("a suspended source of a chart stays at the version that was found") {
  HelmWorld helm;
  const std::string before(block_source);
  helm.commit('1', before + release("web"));
  helm.charts.answers["web"].version = "1.3.0";
  helm.commit('2', suspended(before) + release("web"));
  CHECK(helm.version_of("web") == "1.2.3");
  helm.world.loop.run_for(std::chrono::hours(2));
  helm.world.pass({.is_asked_for = true});
  CHECK(helm.version_of("web") == "1.2.3");
  helm.commit('3', before + release("web"));
  CHECK(helm.version_of("web") == "1.3.0");
}

TEST_CASE("values change while the source of the chart is suspended") {
  HelmWorld helm;
  helm.commit('1', std::string(block_source) + release("web"));
  helm.commit('2', suspended(std::string(block_source)) + release("web", "  values: {a: 2}\n"));
  CHECK(helm.values_of("web") == "a: 2\n");
}

TEST_CASE("a suspended HelmChart stays at its version, whatever it says") {
  HelmWorld helm;
  helm.charts.answers["charts"] = helm.charts.answers["web"];
  const std::string repository =
      "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\n"
      "metadata: {name: charts, namespace: default}\nspec: {interval: 1h, url: "
      "'https://charts.example.org'}\n";
  const auto chart = [](std::string_view version) {
    return fmt::format(
        "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmChart\n"
        "metadata: {{name: web, namespace: default}}\nspec:\n  interval: 1h\n  chart: web\n"
        "  version: '{}'\n  sourceRef: {{kind: HelmRepository, name: charts}}\n",
        version);
  };
  const std::string web =
      "---\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
      "metadata: {name: web, namespace: default}\nspec:\n  interval: 1h\n"
      "  chartRef: {kind: HelmChart, name: web}\n";
  helm.commit('1', repository + chart("1.x") + web);
  CHECK(helm.version_of("web") == "1.2.3");
  helm.charts.answers["charts"].version = "2.0.0";
  helm.commit('2', repository + suspended(chart("2.x")) + web);
  CHECK(helm.version_of("web") == "1.2.3");
  helm.commit('3', repository + chart("2.x") + web);
  CHECK(helm.version_of("web") == "2.0.0");
}

TEST_CASE("fields that change nothing are told once") {
  HelmWorld helm;
  helm.commit('1', std::string(source) + release("web", "  maxHistory: 3\n"));
  CHECK(helm.world.events.messages(EventKind::object_not_served).find("spec.maxHistory") !=
        std::string::npos);
  helm.world.events.clear();
  helm.world.pass();
  CHECK_FALSE(helm.world.events.has(EventKind::object_not_served));
}

TEST_CASE("an expression tells the health of a HelmRelease that is waited for") {
  HelmWorld helm;
  helm.world.commit(
      '1',
      kustomization_yaml("apps",
                         "  wait: true\n  healthCheckExprs:\n"
                         "    - apiVersion: helm.toolkit.fluxcd.io/v2\n"
                         "      kind: HelmRelease\n"
                         "      current: metadata.labels['stage'] == 'done' || "
                         "status.conditions.exists(e, e.type == 'Ready' && e.status == 'True')\n"));
  std::string labelled = release("web");
  labelled.replace(labelled.find("{name: web,"), 11, "{name: web, labels: {stage: done},");
  helm.world.folder('1', "apps", std::string(source) + labelled);
  CHECK(helm.world.pass().kustomizations.back().readiness.ready == Ready::yes);
  helm.world.commit('2', kustomization_yaml("apps", "  wait: true\n"));
  helm.world.folder('2', "apps", std::string(source) + labelled);
  CHECK(helm.world.pass().kustomizations.back().readiness.ready == Ready::unknown);
}

}  // namespace
}  // namespace primocane
