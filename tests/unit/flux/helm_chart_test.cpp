// SPDX-License-Identifier: Apache-2.0
#include "flux/helm_chart.hpp"

#include "base/base64.hpp"
#include "document/json.hpp"
#include "resource/metadata.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace primocane {
namespace {

// A definition whose spec has these fields.
HelmChartKind kind_with(std::string_view fields, std::string_view policies = "abort, reinstall") {
  std::string text =
      "{spec: {versions: [{name: v1alpha1}, {name: v1, schema: {openAPIV3Schema: "
      "{properties: {spec: {properties: {failurePolicy: {enum: [";
  text += policies;
  text += "]}";
  for (std::string_view rest = fields; !rest.empty();) {
    const std::string_view field = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(field.size() + 1, rest.size()));
    text += ", " + std::string(field) + ": {}";
  }
  text += "}}}}}}]}}";
  return HelmChartKind(yaml_value(text));
}

HelmChartKind newest() {
  return kind_with(
      "targetNamespace createNamespace chart version repo repoCA valuesContent valuesSecrets "
      "takeOwnership serverSide forceConflicts timeout authSecret authPassCredentials plainHTTP "
      "dockerRegistrySecret",
      "abort, reinstall, retry");
}

HelmChartKind oldest() {
  return kind_with("targetNamespace chart version repo valuesContent timeout");
}

HelmReleaseSpec release_of(std::string_view more) {
  std::string text =
      "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
      "metadata: {name: web, namespace: home}\n"
      "spec:\n  interval: 1h\n  chartRef: {kind: OCIRepository, name: web}\n";
  text += more;
  return HelmReleaseSpec::read(yaml_resource(text)).value();
}

const ResolvedChart in_repository{.name = "grafana",
                                  .url = "https://charts.example.org",
                                  .version = "8.1.2",
                                  .digest = {},
                                  .access = {}};
const ResolvedChart in_registry{.name = {},
                                .url = "oci://ghcr.io/org/web",
                                .version = "1.2.3",
                                .digest = "sha256:" + std::string(64, 'a'),
                                .access = {}};

ReleaseObjects objects_of(const HelmReleaseSpec& spec, const ResolvedChart& chart,
                          const ChartValues& values, const HelmChartKind& kind) {
  Result<ReleaseObjects> made = release_objects(spec, chart, values, kind);
  INFO((made ? std::string() : made.error().message));
  REQUIRE(made.has_value());
  return std::move(*made);
}

const Resource& object_named(const ReleaseObjects& made, std::string_view kind,
                             std::string_view name) {
  for (const Resource& object : made.objects) {
    if (object.id.kind == kind && object.id.name == name) return object;
  }
  FAIL("there is no " << kind << " " << name);
  return made.objects.front();
}

std::string decoded(const Resource& secret, std::string_view key) {
  return from_base64(secret.object.text_at("data", key)).value();
}

const ChartValues some_values{.values = yaml_value("{a: text, b: {c: 2}}"), .holds_secrets = false};
const ChartValues no_values{.values = Value(Object()), .holds_secrets = false};

TEST_CASE("a release becomes a HelmChart and a Secret with its values") {
  const ReleaseObjects made = objects_of(release_of(""), in_registry, some_values, newest());
  REQUIRE(made.objects.size() == 2);
  const Resource& secret = object_named(made, "Secret", "web-helm-values");
  const Resource& chart = object_named(made, "HelmChart", "web");
  CHECK(made.objects.back().id == chart.id);
  CHECK(chart.id == helm_chart_id("home", "web"));
  CHECK(chart.version == "v1");
  CHECK(chart.origin.path == "test.yaml");
  const std::string_view key = *chart.object.find("spec", "valuesSecrets")
                                    ->as_array()
                                    ->front()
                                    .find("keys")
                                    ->as_array()
                                    ->front()
                                    .as_string();
  CHECK(key.starts_with("values-"));
  CHECK(yaml_value(decoded(secret, key)) == some_values.values);
  CHECK(helm_chart_of_secret(secret.id) == chart.id);
  Value spec = *chart.object.find("spec");
  spec.as_object()->erase("valuesSecrets");
  CHECK(spec == yaml_value("{chart: 'oci://ghcr.io/org/web', version: 1.2.3, failurePolicy: retry, "
                           "timeout: 5m, takeOwnership: true}"));
  CHECK(made.ignored.empty());
}

TEST_CASE("a release that is annotated to stay becomes objects that stay") {
  for (const std::string_view mark : {"prune: disabled", "reconcile: disabled"}) {
    const HelmReleaseSpec spec =
        HelmReleaseSpec::read(
            yaml_resource(fmt::format("apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
                                      "metadata:\n  name: web\n  namespace: home\n"
                                      "  annotations: {{kustomize.toolkit.fluxcd.io/{}}}\n"
                                      "spec: {{interval: 1h, chartRef: {{kind: OCIRepository, "
                                      "name: web}}}}\n",
                                      mark)))
            .value();
    const ReleaseObjects made = objects_of(spec, in_registry, some_values, newest());
    REQUIRE(made.objects.size() == 2);
    for (const Resource& object : made.objects) CHECK(is_prune_disabled(object.object));
  }
}

TEST_CASE("a chart of a repository is named by the repository, its name and one version") {
  const ReleaseObjects made = objects_of(
      release_of(
          "  targetNamespace: web\n  releaseName: front\n  install: {createNamespace: true}\n"),
      in_repository, no_values, newest());
  Value spec = *object_named(made, "HelmChart", "front").object.find("spec");
  spec.as_object()->erase("valuesSecrets");
  CHECK(spec == yaml_value("{targetNamespace: web, createNamespace: true, chart: grafana, "
                           "repo: 'https://charts.example.org', version: 8.1.2, "
                           "failurePolicy: retry, timeout: 5m, takeOwnership: true}"));
}

TEST_CASE("a chart without a version in a registry is named by its digest") {
  ResolvedChart chart = in_registry;
  chart.version.clear();
  const ReleaseObjects made = objects_of(release_of(""), chart, no_values, newest());
  const Resource& object = object_named(made, "HelmChart", "web");
  CHECK(object.object.text_at("spec", "chart") == chart.url + "@" + chart.digest);
  CHECK(object.object.find("spec", "version") == nullptr);
}

TEST_CASE("other values and a moved tag are another key, so that the controller deploys again") {
  const auto keys = [](const ResolvedChart& chart, const ChartValues& values) {
    const ReleaseObjects made = objects_of(release_of(""), chart, values, newest());
    return write_json(*object_named(made, "HelmChart", "web").object.find("spec", "valuesSecrets"));
  };
  ResolvedChart moved = in_registry;
  moved.digest.back() = 'b';
  CHECK(keys(in_registry, some_values) == keys(in_registry, some_values));
  CHECK(keys(in_registry, some_values) != keys(in_registry, no_values));
  CHECK(keys(in_registry, some_values) != keys(moved, some_values));
}

TEST_CASE("an older kind gets values in clear text, but none that come from Secrets") {
  const ReleaseObjects made = objects_of(release_of(""), in_registry, some_values, oldest());
  REQUIRE(made.objects.size() == 1);
  CHECK(*made.objects.front().object.find("spec") ==
        yaml_value("{chart: 'oci://ghcr.io/org/web', version: 1.2.3, failurePolicy: abort, "
                   "timeout: 5m, valuesContent: \"a: text\\nb:\\n  c: 2\\n\"}"));

  const ChartValues secret{.values = yaml_value("{password: hunter2}"), .holds_secrets = true};
  const Result<ReleaseObjects> refused =
      release_objects(release_of(""), in_registry, secret, oldest());
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind == ErrorKind::invalid);
  CHECK(refused.error().message.starts_with("test.yaml:1: HelmRelease/home/web: "));
  CHECK(refused.error().message.find("valuesSecrets") != std::string::npos);
  CHECK(refused.error().message.find("hunter2") == std::string::npos);
}

TEST_CASE("what a repository is logged in with is carried over") {
  ResolvedChart chart = in_repository;
  chart.access = {.username = "me",
                  .password = "hunter2",
                  .passes_credentials = true,
                  .client_certificate = "CERT",
                  .client_key = "KEY",
                  .authorities = "CA",
                  .docker_config = {},
                  .is_plain_http = false};
  const ReleaseObjects made = objects_of(release_of(""), chart, no_values, newest());
  const Resource& secret = object_named(made, "Secret", "web-helm-auth");
  CHECK(secret.object.text_at("type") == "kubernetes.io/basic-auth");
  CHECK(decoded(secret, "username") == "me");
  CHECK(decoded(secret, "password") == "hunter2");
  CHECK(decoded(secret, "tls.crt") == "CERT");
  CHECK(decoded(secret, "tls.key") == "KEY");
  const Resource& object = object_named(made, "HelmChart", "web");
  CHECK(object.object.text_at("spec", "authSecret", "name") == "web-helm-auth");
  CHECK(object.object.text_at("spec", "repoCA") == "CA");
  CHECK(*object.object.find("spec", "authPassCredentials") == Value(true));
  CHECK(write_json(object.object).find("hunter2") == std::string::npos);
  CHECK_FALSE(release_objects(release_of(""), chart, no_values, oldest()).has_value());
}

TEST_CASE("what a registry is logged in with is carried over") {
  ResolvedChart chart = in_registry;
  chart.access.docker_config = R"({"auths":{}})";
  chart.access.is_plain_http = true;
  const ReleaseObjects made = objects_of(release_of(""), chart, no_values, newest());
  const Resource& secret = object_named(made, "Secret", "web-helm-registry");
  CHECK(secret.object.text_at("type") == "kubernetes.io/dockerconfigjson");
  CHECK(decoded(secret, ".dockerconfigjson") == chart.access.docker_config);
  const Resource& object = object_named(made, "HelmChart", "web");
  CHECK(object.object.text_at("spec", "dockerRegistrySecret", "name") == "web-helm-registry");
  CHECK(*object.object.find("spec", "plainHTTP") == Value(true));
}

TEST_CASE("a Secret that is named otherwise belongs to no HelmChart") {
  for (const std::string_view name :
       {"web", "web-helm-", "-helm-auth", "web-helm-other", "web-auth"}) {
    CAPTURE(name);
    CHECK(helm_chart_of_secret({"", "Secret", "home", std::string(name)}) == std::nullopt);
  }
  CHECK(helm_chart_of_secret({"", "ConfigMap", "home", "web-helm-auth"}) == std::nullopt);
  CHECK(helm_chart_of_secret({"", "Secret", "home", "a-helm-b-helm-auth"}) ==
        helm_chart_id("home", "a-helm-b"));
}

TEST_CASE("fields that this cluster's kind has no word for are listed") {
  const std::string_view wanted =
      "  upgrade: {serverSideApply: enabled}\n  install: {disableTakeOwnership: true}\n";
  CHECK(objects_of(release_of(wanted), in_registry, no_values, oldest()).ignored ==
        std::vector<std::string>{"spec.serverSideApply"});
  const ReleaseObjects made = objects_of(release_of(wanted), in_registry, no_values, newest());
  const Value& spec = *object_named(made, "HelmChart", "web").object.find("spec");
  CHECK(spec.text_at("serverSide") == "true");
  CHECK(*spec.find("forceConflicts") == Value(true));
  CHECK(spec.find("takeOwnership") == nullptr);
}

}  // namespace
}  // namespace primocane
