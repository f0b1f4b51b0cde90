// SPDX-License-Identifier: Apache-2.0
#include "flux/helm_release_spec.hpp"

#include "flux/helm_chart_spec.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace primocane {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

Resource release(std::string_view spec, std::string_view name = "web") {
  std::string text =
      "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  namespace: home\n"
      "  name: ";
  text += name;
  text += "\nspec:\n";
  text += spec;
  return yaml_resource(text);
}

constexpr std::string_view smallest =
    "  interval: 1h\n  chartRef: {kind: OCIRepository, name: web}\n";

HelmReleaseSpec spec_of(std::string_view more, std::string_view name = "web") {
  const Result<HelmReleaseSpec> spec =
      HelmReleaseSpec::read(release(std::string(smallest) + std::string(more), name));
  INFO((spec ? std::string() : spec.error().message));
  REQUIRE(spec.has_value());
  return *spec;
}

std::string error_of(std::string_view text) {
  const Result<HelmReleaseSpec> spec = HelmReleaseSpec::read(release(text));
  REQUIRE_FALSE(spec.has_value());
  CHECK(spec.error().kind == ErrorKind::invalid);
  CHECK(spec.error().message.starts_with("test.yaml:1: HelmRelease/home/web: spec"));
  return spec.error().message;
}

std::string error_with(std::string_view more) {
  return error_of(std::string(smallest) + std::string(more));
}

bool says(const std::string& message, std::string_view words) {
  return message.find(words) != std::string::npos;
}

TEST_CASE("a HelmRelease has Flux's defaults for what it does not say") {
  const HelmReleaseSpec spec = spec_of("");
  CHECK(spec.id == ResourceId{"helm.toolkit.fluxcd.io", "HelmRelease", "home", "web"});
  CHECK(spec.chart_reference == SourceReference{"OCIRepository", "home", "web"});
  CHECK_FALSE(spec.chart.has_value());
  CHECK(spec.interval == hours(1));
  CHECK(spec.timeout == minutes(5));
  CHECK(spec.release_name == "web");
  CHECK(spec.target_namespace == "home");
  CHECK(spec.takes_ownership);
  CHECK_FALSE(spec.creates_namespace);
  CHECK_FALSE(spec.is_suspended);
  CHECK(spec.values.is_null());
  CHECK(spec.ignored.empty());
}

TEST_CASE("a HelmRelease asks for a chart of a HelmRepository") {
  const HelmReleaseSpec spec = *HelmReleaseSpec::read(
      release("  interval: 1h\n  chart:\n    spec:\n      chart: grafana\n      version: 8.x\n"
              "      interval: 12h\n      sourceRef: {kind: HelmRepository, name: charts, "
              "namespace: flux}\n"));
  REQUIRE(spec.chart.has_value());
  CHECK(*spec.chart == ChartRequest{.name = "grafana",
                                    .version = "8.x",
                                    .source = {"HelmRepository", "flux", "charts"},
                                    .interval = hours(12)});
}

TEST_CASE("a release is named as Flux names it") {
  CHECK(spec_of("  targetNamespace: web\n").release_name == "web-web");
  CHECK(spec_of("  targetNamespace: web\n  releaseName: front\n").release_name == "front");
  CHECK(spec_of("  targetNamespace: web\n").target_namespace == "web");
  const std::string fits(53, 'a');
  CHECK(spec_of("", fits).release_name == fits);
  // helm-controller, internal/release/name_test.go
  CHECK(short_release_name(
            "this-is-a-very-very-very-very-very-very-very-long-release-name-that-is-too-long")
            .size() == 53);
  const std::string shortened = spec_of("", std::string(54, 'a')).release_name;
  CHECK(shortened.starts_with(std::string(40, 'a') + "-"));
  CHECK(shortened.size() == 53);
}

TEST_CASE("a HelmRelease is read with all that it says about its values") {
  const HelmReleaseSpec spec = spec_of(
      "  values: {a: 1}\n  valuesFrom:\n  - {kind: ConfigMap, name: base}\n"
      "  - {kind: Secret, name: login, valuesKey: password, targetPath: 'a.b[0]', optional: true, "
      "literal: true}\n");
  CHECK(spec.values == yaml_value("a: 1"));
  REQUIRE(spec.values_from.size() == 2);
  CHECK(spec.values_from[0] == ValuesReference{.kind = "ConfigMap", .name = "base"});
  CHECK(spec.values_from[1] == ValuesReference{.kind = "Secret",
                                               .name = "login",
                                               .key = "password",
                                               .target_path = "a.b[0]",
                                               .is_optional = true,
                                               .is_literal = true});
}

TEST_CASE("a HelmRelease waits for others, in its namespace unless it says where") {
  const HelmReleaseSpec spec = spec_of(
      "  dependsOn:\n  - {name: db}\n  - {name: ca, namespace: certs, readyExpr: 'true'}\n");
  REQUIRE(spec.depends_on.size() == 2);
  CHECK(spec.ignored == std::vector<std::string>{"spec.dependsOn[1].readyExpr"});
  CHECK(spec.depends_on[0].release.namespace_name == "home");
  CHECK(spec.depends_on[1] ==
        ReleaseDependency{{"helm.toolkit.fluxcd.io", "HelmRelease", "certs", "ca"}, "true"});
}

TEST_CASE("what changes nothing that is deployed is listed as ignored") {
  const HelmReleaseSpec spec = spec_of(
      "  maxHistory: 3\n  driftDetection: {mode: enabled}\n  install:\n    crds: CreateReplace\n"
      "    remediation: {retries: 3}\n    timeout: 20m\n  upgrade:\n    crds: CreateReplace\n"
      "    cleanupOnFail: true\n    remediation: {strategy: rollback}\n  rollback: {force: true}\n"
      "  uninstall: {keepHistory: false}\n  storageNamespace: elsewhere\n  test: {enable: true}\n");
  CHECK(spec.timeout == minutes(20));
  CHECK(spec.ignored ==
        std::vector<std::string>{"spec.install.crds", "spec.install.remediation",
                                 "spec.upgrade.crds", "spec.upgrade.remediation",
                                 "spec.upgrade.cleanupOnFail", "spec.uninstall.keepHistory",
                                 "spec.storageNamespace", "spec.maxHistory", "spec.driftDetection",
                                 "spec.test", "spec.rollback"});
}

TEST_CASE("what changes what is deployed and can't be served is an error that says what to do") {
  CHECK(
      says(error_with("  postRenderers: [{kustomize: {}}]\n"), "spec.postRenderers is not served"));
  CHECK(says(error_with("  commonMetadata: {labels: {a: b}}\n"), "spec.commonMetadata is not"));
  CHECK(
      says(error_with("  kubeConfig: {secretRef: {name: a}}\n"), "spec.kubeConfig is not served"));
  CHECK(says(error_with("  serviceAccountName: me\n"), "spec.serviceAccountName is not served"));
  CHECK(says(error_with("  install: {disableHooks: true}\n"), "spec.install.disableHooks is not"));
  CHECK(says(error_with("  install: {crds: Skip}\n"), "spec.install.crds is not served"));
  CHECK(says(error_with("  install: {skipCRDs: true}\n"), "spec.install.skipCRDs is not served"));
  CHECK(says(error_with("  upgrade: {preserveValues: true}\n"), "spec.upgrade.preserveValues is"));
  CHECK(says(error_with("  uninstall: {disableHooks: true}\n"), "spec.uninstall.disableHooks is"));
  CHECK(spec_of("  postRenderers: []\n  install: {disableHooks: false}\n").ignored.empty());
}

TEST_CASE("charts that K3s's Helm controller can't fetch are errors that say what to do") {
  const std::string chart = "  interval: 1h\n  chart:\n    spec:\n      chart: ./web\n";
  CHECK(says(error_of(chart + "      sourceRef: {kind: GitRepository, name: a}\n"),
             "spec.chart.spec.sourceRef.kind GitRepository is not served"));
  const std::string served = chart + "      sourceRef: {kind: HelmRepository, name: a}\n";
  CHECK(says(error_of(served + "      valuesFiles: [x.yaml]\n"), "spec.chart.spec.valuesFiles"));
  CHECK(says(error_of(served + "      verify: {provider: cosign}\n"), "spec.chart.spec.verify"));
  CHECK(says(error_of("  interval: 1h\n  chartRef: {kind: ExternalArtifact, name: a}\n"),
             "spec.chartRef.kind ExternalArtifact is not served"));
}

TEST_CASE("a HelmRelease that its CRD would refuse is an error") {
  CHECK(says(error_of("  chartRef: {kind: OCIRepository, name: a}\n"), "spec.interval is missing"));
  CHECK(says(error_of("  interval: 1h\n"), "must have either chart or chartRef"));
  CHECK(says(error_with("  valeus: {}\n"), "spec.valeus is no field of this kind; did you mean"));
  CHECK(says(error_with("  values: [1]\n"), "spec.values must be a mapping, not a list"));
  CHECK(says(error_with("  releaseName: " + std::string(54, 'a') + "\n"), "spec.releaseName is"));
  for (const std::string_view path : {"a b", "a[", "a[]", "a[123456]", "a[x]", "a=b"}) {
    CAPTURE(path);
    CHECK(says(error_with("  valuesFrom: [{kind: Secret, name: a, targetPath: '" +
                          std::string(path) + "'}]\n"),
               "spec.valuesFrom[0].targetPath must be"));
  }
  CHECK(says(error_with("  valuesFrom: [{kind: Pod, name: a}]\n"), "spec.valuesFrom[0].kind must"));
}

TEST_CASE("install and upgrade apply on the server or not, as one setting") {
  CHECK(spec_of("  install: {serverSideApply: false}\n").server_side == ServerSideApply::off);
  CHECK(spec_of("  upgrade: {serverSideApply: auto}\n").server_side == ServerSideApply::as_before);
  const HelmReleaseSpec both =
      spec_of("  install: {serverSideApply: false}\n  upgrade: {serverSideApply: enabled}\n");
  CHECK(both.server_side == ServerSideApply::on);
  CHECK(both.ignored == std::vector<std::string>{"spec.install.serverSideApply"});
}

TEST_CASE("a HelmChart asks for a chart of a repository in its namespace") {
  const Resource object = yaml_resource(
      "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmChart\n"
      "metadata: {name: web, namespace: home}\nspec:\n  interval: 10m\n  chart: web\n"
      "  version: '>=1'\n  reconcileStrategy: ChartVersion\n"
      "  sourceRef: {kind: HelmRepository, name: charts}\n  suspend: true\n");
  const HelmChartSpec spec = HelmChartSpec::read(object).value();
  CHECK(spec.chart == ChartRequest{.name = "web",
                                   .version = ">=1",
                                   .source = {"HelmRepository", "home", "charts"},
                                   .interval = minutes(10)});
  CHECK(spec.is_suspended);
  CHECK(spec.ignored == std::vector<std::string>{"spec.reconcileStrategy"});
}

}  // namespace
}  // namespace primocane
