// SPDX-License-Identifier: Apache-2.0
#include "render/unserved_kinds.hpp"

#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace primocane {
namespace {

Resource object(std::string_view api_version, std::string_view kind, Origin origin = {}) {
  Resource resource = yaml_resource(fmt::format(
      "apiVersion: {}\nkind: {}\nmetadata: {{name: apps, namespace: home}}\n", api_version, kind));
  resource.origin = std::move(origin);
  return resource;
}

TEST_CASE("an object of Flux is an error that names file, line and object") {
  const Result<void> refused = refuse_unserved_kinds(
      {object("v1", "ConfigMap"), object("kustomize.toolkit.fluxcd.io/v1", "Kustomization",
                                         {.path = "flux/sync.yaml", .document = 2, .line = 7})});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == ErrorKind::invalid);
  CHECK(refused.error().message.starts_with("flux/sync.yaml:7: Kustomization"));
}

TEST_CASE("every group of Flux is meant") {
  for (const std::string_view version :
       {"source.toolkit.fluxcd.io/v1", "helm.toolkit.fluxcd.io/v2", "image.toolkit.fluxcd.io/v1",
        "notification.toolkit.fluxcd.io/v1beta3", "fluxcd.controlplane.io/v1"}) {
    CAPTURE(version);
    CHECK_FALSE(refuse_unserved_kinds({object(version, "Thing")}));
  }
}

TEST_CASE("what only looks like an object of Flux is served") {
  CHECK(refuse_unserved_kinds({}));
  CHECK(refuse_unserved_kinds({object("mytoolkit.fluxcd.io/v1", "Kustomization")}));
  CHECK(refuse_unserved_kinds({object("example.org/v1", "HelmRelease")}));
  CHECK(refuse_unserved_kinds({object("apiextensions.k8s.io/v1", "CustomResourceDefinition")}));
}

}  // namespace
}  // namespace primocane
