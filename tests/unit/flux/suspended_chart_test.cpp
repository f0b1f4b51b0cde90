// SPDX-License-Identifier: Apache-2.0
#include "flux/suspended_chart.hpp"

#include "flux/helm_chart_kind.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

namespace primocane {
namespace {

const Value live_chart = yaml_value(R"(
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata:
  name: web
  namespace: home
  uid: a
  labels: {applyset.kubernetes.io/part-of: b}
  annotations: {helmcharts.cattle.io/managed-by: helm-controller}
spec:
  chart: web
  failurePolicy: retry
  authSecret: {name: web-helm-auth}
  dockerRegistrySecret: {name: somebodys}
  valuesSecrets: [{name: web-helm-values, keys: [a]}, {name: other-helm-values}]
status: {jobName: helm-install-web}
)");

HelmReleaseSpec suspended() {
  HelmReleaseSpec spec;
  spec.id = {"helm.toolkit.fluxcd.io", "HelmRelease", "home", "web"};
  spec.release_name = "web";
  spec.is_suspended = true;
  return spec;
}

TEST_CASE("a HelmChart names the Secrets that were made with it, and others") {
  CHECK(secrets_of_helm_chart(helm_chart_id("home", "web"), live_chart) ==
        std::vector<ResourceId>{{"", "Secret", "home", "web-helm-auth"},
                                {"", "Secret", "home", "web-helm-values"}});
}

TEST_CASE("a suspended release stays as it is in the cluster, and is left alone") {
  const Value secret = yaml_value(
      "{apiVersion: v1, kind: Secret, metadata: {name: web-helm-values, namespace: home, uid: c}, "
      "type: Opaque, data: {a: YTogMQo=}}");
  const std::vector<Resource> objects =
      suspended_objects(suspended(), live_chart, {secret}).value();
  REQUIRE(objects.size() == 2);
  CHECK(objects[0].object ==
        yaml_value("{apiVersion: v1, kind: Secret, metadata: {name: web-helm-values, namespace: "
                   "home, annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}}, type: "
                   "Opaque, data: {a: YTogMQo=}}"));
  CHECK(objects[1].id == helm_chart_id("home", "web"));
  CHECK(*objects[1].object.find("spec") == *live_chart.find("spec"));
  CHECK(objects[1].object.find("status") == nullptr);
  CHECK(*objects[1].object.find("metadata") ==
        yaml_value("{name: web, namespace: home, annotations: "
                   "{kustomize.toolkit.fluxcd.io/prune: disabled, "
                   "helmcharts.helm.cattle.io/unmanaged: suspended}}"));
}

}  // namespace
}  // namespace primocane
