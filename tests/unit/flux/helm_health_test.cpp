// SPDX-License-Identifier: Apache-2.0
#include "flux/helm_health.hpp"

#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace primocane {
namespace {

constexpr std::string_view deployed_chart = R"({
  metadata: {name: web, namespace: home},
  spec: {chart: grafana, repo: 'https://charts.example.org', version: 8.1.2, targetNamespace: web,
         valuesSecrets: [{name: web-helm-values, keys: [values-1.yaml]}]},
  status: {jobName: helm-install-web, conditions: [{type: Failed, status: "False"}]}})";

// A Job for `version` and the values under `key`, in `status`.
Value job_of(std::string_view version, std::string_view key, std::string_view status) {
  std::string text =
      R"({metadata: {name: helm-install-web}, spec: {template: {metadata: {annotations:
    {helmcharts.helm.cattle.io/configHash: SHA256=ABC}}, spec: {containers: [{env: [
    {name: NAME, value: web}, {name: VERSION, value: ")";
  text += version;
  text +=
      R"("}, {name: REPO, value: 'https://charts.example.org'}, {name: CHART, value: web/grafana}]}],
    volumes: [{name: tmp, emptyDir: {}}, {name: values, projected: {sources: [{secret: {name: chart-values-web}},
    {secret: {name: web-helm-values, items: [{key: )";
  text += key;
  text += "}]}}]}}]}}}, status: ";
  text += status;
  text += "}";
  return yaml_value(text);
}

Value revision_of(std::string_view number, std::string_view status, std::string_view hash) {
  std::string text = "{metadata: {labels: {owner: helm, name: web, version: '";
  text += number;
  text += "', status: ";
  text += status;
  if (!hash.empty()) text += ", helmcharts.helm.cattle.io/configHash: " + std::string(hash);
  text += "}}}";
  return yaml_value(text);
}

constexpr std::string_view complete = "{conditions: [{type: Complete, status: 'True'}]}";

HealthStatus status_of(std::string_view chart, const Value& job,
                       const std::vector<Value>& revisions) {
  const Value chart_value = yaml_value(chart);
  return helm_release_health({.chart = &chart_value, .job = &job, .revisions = revisions}).status;
}

TEST_CASE("a release is healthy when its Job is complete and Helm calls its revision deployed") {
  const Value job = job_of("8.1.2", "values-1.yaml", complete);
  CHECK(status_of(deployed_chart, job, {revision_of("1", "deployed", "ABC")}) ==
        HealthStatus::current);
  // By a klipper-helm that does not write the hash.
  CHECK(status_of(deployed_chart, job, {revision_of("1", "deployed", "")}) ==
        HealthStatus::current);
}

TEST_CASE("the newest revision counts, by its number") {
  const Value job = job_of("8.1.2", "values-1.yaml", complete);
  CHECK(status_of(deployed_chart, job,
                  {revision_of("10", "deployed", "ABC"), revision_of("9", "failed", "ABC"),
                   revision_of("x", "failed", "ABC")}) == HealthStatus::current);
  CHECK(status_of(deployed_chart, job,
                  {revision_of("9", "deployed", "ABC"), revision_of("10", "failed", "ABC")}) ==
        HealthStatus::failed);
}

TEST_CASE("the Job and the revision of what was before say nothing of what is wanted now") {
  const std::vector<Value> old{revision_of("1", "deployed", "ABC")};
  CHECK(status_of(deployed_chart, job_of("8.1.1", "values-1.yaml", complete), old) ==
        HealthStatus::in_progress);
  CHECK(status_of(deployed_chart, job_of("8.1.2", "values-0.yaml", complete), old) ==
        HealthStatus::in_progress);
  CHECK(status_of(deployed_chart, job_of("8.1.2", "values-1.yaml", complete),
                  {revision_of("1", "deployed", "OTHER")}) == HealthStatus::in_progress);
  CHECK(status_of(deployed_chart, job_of("8.1.2", "values-1.yaml", "{active: 1}"),
                  {revision_of("1", "failed", "OTHER")}) == HealthStatus::in_progress);
}

TEST_CASE("a release has failed when its Job has given up, with the Job's words") {
  const Value job = job_of("8.1.2", "values-1.yaml",
                           "{failed: 3, conditions: [{type: Failed, status: 'True', reason: "
                           "BackoffLimitExceeded, message: tried 3 times}]}");
  const Value chart = yaml_value(deployed_chart);
  const Health health = helm_release_health({.chart = &chart, .job = &job, .revisions = {}});
  CHECK(health == Health{HealthStatus::failed,
                         "Job helm-install-web failed: BackoffLimitExceeded: tried 3 times"});
}

TEST_CASE("a release whose Job tries again is on its way, and the message counts") {
  const Value job = job_of("8.1.2", "values-1.yaml", "{failed: 3}");
  const Value chart = yaml_value(deployed_chart);
  const Health health = helm_release_health({.chart = &chart, .job = &job, .revisions = {}});
  CHECK(health == Health{HealthStatus::in_progress,
                         "Job helm-install-web has failed 3 times and tries again"});
}

TEST_CASE("a release waits for the Helm controller, unless that says why there is no Job") {
  Value chart = yaml_value("{metadata: {name: web, namespace: home}, spec: {chart: a}}");
  CHECK(helm_release_health({.chart = &chart}).status == HealthStatus::in_progress);
  CHECK(helm_job_of(chart).empty());
  chart = yaml_value(R"({metadata: {name: web, namespace: home}, spec: {chart: a}, status:
    {conditions: [{type: Failed, status: "True", reason: Job create failed, message: no}]}})");
  CHECK(helm_release_health({.chart = &chart}) ==
        Health{HealthStatus::failed, "Job create failed: no"});
}

TEST_CASE("a release without a HelmChart is not there, and one being deleted is terminating") {
  CHECK(helm_release_health({}).status == HealthStatus::not_found);
  const Value chart =
      yaml_value("{metadata: {name: web, deletionTimestamp: '2026-01-01T00:00:00Z'}}");
  CHECK(helm_release_health({.chart = &chart}).status == HealthStatus::terminating);
}

TEST_CASE("a release's Secrets are in its target namespace under its name") {
  const Value chart = yaml_value(deployed_chart);
  CHECK(release_namespace_of(chart) == "web");
  CHECK(release_namespace_of(yaml_value("{metadata: {namespace: home}}")) == "home");
  CHECK(release_selector("web") == "owner=helm,name=web");
  CHECK(helm_job_of(chart) == "helm-install-web");
}

}  // namespace
}  // namespace primocane
