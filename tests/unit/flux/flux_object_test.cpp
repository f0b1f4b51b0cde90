// SPDX-License-Identifier: Apache-2.0
#include "flux/flux_object.hpp"

#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string_view>

namespace primocane {
namespace {

FluxRole role(std::string_view api_version, std::string_view kind, std::string_view more = {}) {
  return flux_role_of(yaml_resource(fmt::format(
      "apiVersion: {}\nkind: {}\nmetadata:\n  name: apps\n{}", api_version, kind, more)));
}

constexpr std::string_view labels_of_install =
    "  labels: {app.kubernetes.io/instance: flux-system, app.kubernetes.io/part-of: flux,\n"
    "           app.kubernetes.io/version: v2.9.0}\n";

TEST_CASE("what Flux reconciles is followed, whatever the version of its API") {
  CHECK(role("kustomize.toolkit.fluxcd.io/v1", "Kustomization") == FluxRole::followed);
  CHECK(role("source.toolkit.fluxcd.io/v1beta2", "GitRepository") == FluxRole::followed);
  CHECK(role("source.toolkit.fluxcd.io/v1", "OCIRepository") == FluxRole::followed);
  CHECK(role("source.toolkit.fluxcd.io/v1", "HelmRepository") == FluxRole::followed);
  CHECK(role("source.toolkit.fluxcd.io/v1", "HelmChart") == FluxRole::followed);
  CHECK(role("helm.toolkit.fluxcd.io/v2", "HelmRelease") == FluxRole::followed);
}

TEST_CASE("every other kind of Flux's groups is not served") {
  CHECK(role("source.toolkit.fluxcd.io/v1", "Bucket") == FluxRole::not_served);
  CHECK(role("image.toolkit.fluxcd.io/v1", "ImagePolicy") == FluxRole::not_served);
  CHECK(role("notification.toolkit.fluxcd.io/v1", "Receiver") == FluxRole::not_served);
  CHECK(role("fluxcd.controlplane.io/v1", "FluxInstance") == FluxRole::not_served);
}

TEST_CASE("a Kustomization of kustomize itself is no object of Flux's") {
  CHECK(role("kustomize.config.k8s.io/v1beta1", "Kustomization") == FluxRole::none);
}

TEST_CASE("Flux's controllers are known by the labels and kinds of an installation") {
  CHECK(role("apps/v1", "Deployment", labels_of_install) == FluxRole::controller);
  CHECK(role("v1", "Namespace", labels_of_install) == FluxRole::home);
  CHECK(role("v1", "ConfigMap", labels_of_install) == FluxRole::none);
  CHECK(role("apps/v1", "Deployment", "  labels: {app.kubernetes.io/part-of: flux}\n") ==
        FluxRole::none);
  CHECK(role("apiextensions.k8s.io/v1", "CustomResourceDefinition",
             "spec: {group: helm.toolkit.fluxcd.io}\n") == FluxRole::controller);
}

}  // namespace
}  // namespace primocane
