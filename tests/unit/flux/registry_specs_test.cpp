// SPDX-License-Identifier: Apache-2.0
// Specification of what is read from an OCIRepository and a HelmRepository.
#include "document/yaml_reader.hpp"
#include "flux/helm_repository_spec.hpp"
#include "flux/oci_repository_spec.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

Resource source_object(std::string_view kind, std::string_view spec) {
  std::string text = "apiVersion: source.toolkit.fluxcd.io/v1\nkind: " + std::string(kind) +
                     "\nmetadata: {name: charts, namespace: flux-system}\nspec:\n";
  text += spec;
  Result<std::vector<Document>> documents = read_yaml(text, "charts.yaml", DocumentLimits{});
  REQUIRE(documents.has_value());
  Result<Resource> resource = Resource::make(documents->front().value, {.path = "charts.yaml"});
  REQUIRE(resource.has_value());
  return *resource;
}

template <typename Spec>
std::string refusal(std::string_view kind, std::string_view text) {
  const Result<Spec> spec = Spec::read(source_object(kind, text));
  REQUIRE_FALSE(spec.has_value());
  CHECK(spec.error().kind == ErrorKind::invalid);
  const std::string prefix = "charts.yaml:1: " + std::string(kind) + "/flux-system/charts: ";
  REQUIRE(spec.error().message.starts_with(prefix));
  return spec.error().message.substr(prefix.size());
}

std::string oci_refusal(const std::string& more) {
  return refusal<OciRepositorySpec>("OCIRepository",
                                    "  interval: 1h\n  url: oci://ghcr.io/o/r\n" + more);
}
std::string helm_refusal(std::string_view text) {
  return refusal<HelmRepositorySpec>("HelmRepository", text);
}

TEST_CASE("an OCIRepository has Flux's defaults for what it does not say") {
  const auto spec = OciRepositorySpec::read(
      source_object("OCIRepository", "  interval: 5m\n  url: oci://ghcr.io/org/manifests\n"));
  REQUIRE(spec.has_value());
  CHECK(spec->name == SourceReference{"OCIRepository", "flux-system", "charts"});
  CHECK(spec->url == "oci://ghcr.io/org/manifests");
  CHECK(spec->interval == minutes(5));
  CHECK(spec->timeout == seconds(60));
  CHECK(spec->layer_operation == LayerOperation::extract);
  CHECK((spec->tag + spec->semver + spec->digest + spec->secret + spec->layer_media_type).empty());
  CHECK(!spec->ignore);
  CHECK(!spec->is_insecure);
  CHECK(!spec->is_suspended);
}

TEST_CASE("an OCIRepository is read with all its fields") {
  const auto spec = OciRepositorySpec::read(source_object("OCIRepository", R"(  interval: 1h
  url: oci://ghcr.io/org/manifests
  ref: {tag: v1, semver: ">=1.0.0", semverFilter: ".*-rc.*", digest: "sha256:00"}
  layerSelector:
    mediaType: application/vnd.cncf.helm.chart.content.v1.tar+gzip
    operation: copy
  provider: generic
  secretRef: {name: login}
  certSecretRef: {name: certificates}
  proxySecretRef: {name: proxy}
  serviceAccountName: puller
  timeout: 3m
  ignore: ""
  insecure: true
  suspend: true
)"));
  REQUIRE(spec.has_value());
  CHECK(spec->tag == "v1");
  CHECK(spec->semver == ">=1.0.0");
  CHECK(spec->semver_filter == ".*-rc.*");
  CHECK(spec->digest == "sha256:00");
  CHECK(spec->layer_media_type == "application/vnd.cncf.helm.chart.content.v1.tar+gzip");
  CHECK(spec->layer_operation == LayerOperation::copy);
  CHECK(spec->secret == "login");
  CHECK(spec->cert_secret == "certificates");
  CHECK(spec->proxy_secret == "proxy");
  CHECK(spec->service_account == "puller");
  CHECK(spec->timeout == minutes(3));
  CHECK(spec->ignore == "");
  CHECK(spec->is_insecure);
  CHECK(spec->is_suspended);
}

TEST_CASE("an OCIRepository that can't be served says why") {
  CHECK(oci_refusal("  verify: {provider: cosign}\n")
            .starts_with("spec.verify is not supported: signatures of cosign and notation"));
  CHECK(oci_refusal("  provider: aws\n").starts_with("spec.provider aws is not supported"));
  CHECK(oci_refusal("  layerSelector: {operation: unzip}\n").starts_with("spec.layerSelector."));
  CHECK(oci_refusal("  reference: {tag: v1}\n").contains("spec.reference"));
  CHECK(oci_refusal("  secretRef: {}\n").contains("spec.secretRef.name"));
  CHECK(refusal<OciRepositorySpec>("OCIRepository", "  interval: 1m\n  url: https://ghcr.io/o\n") ==
        "spec.url does not begin with oci://");
  CHECK(refusal<OciRepositorySpec>("OCIRepository", "  url: oci://ghcr.io/o\n") ==
        "spec.interval is missing");
}

TEST_CASE("a HelmRepository is read with its defaults and with all its fields") {
  const auto small = HelmRepositorySpec::read(
      source_object("HelmRepository", "  url: https://example.org/charts\n"));
  REQUIRE(small.has_value());
  CHECK(small->type == HelmRepositoryType::index);
  CHECK(small->timeout == seconds(60));
  CHECK(small->interval == Duration::zero());
  const auto large = HelmRepositorySpec::read(source_object("HelmRepository", R"(  type: oci
  url: oci://ghcr.io/org/charts
  secretRef: {name: login}
  certSecretRef: {name: certificates}
  passCredentials: true
  interval: 1h
  timeout: 10s
  insecure: true
  suspend: true
  provider: generic
  accessFrom: {namespaceSelectors: []}
)"));
  REQUIRE(large.has_value());
  CHECK(large->type == HelmRepositoryType::oci);
  CHECK(large->url == "oci://ghcr.io/org/charts");
  CHECK(large->secret == "login");
  CHECK(large->cert_secret == "certificates");
  CHECK(large->passes_credentials);
  CHECK(large->timeout == seconds(10));
  CHECK(large->is_insecure);
  CHECK(large->is_suspended);
}

TEST_CASE("a HelmRepository whose URL does not fit its type is refused") {
  CHECK(helm_refusal("  type: oci\n  url: https://example.org\n") ==
        "spec.url does not begin with oci://, which type oci needs");
  CHECK(helm_refusal("  url: oci://example.org/a\n") ==
        "spec.url begins with oci://, which needs type: oci");
  CHECK(helm_refusal("  url: ftp://example.org\n").contains("neither https://"));
  const std::string secret = helm_refusal("  url: https://a:secret@example.org/x\n");
  CHECK(secret == "spec.url holds credentials, which belong in the Secret of secretRef");
  CHECK(helm_refusal("  type: oci\n  url: oci://e.org/a\n  provider: gcp\n").contains("gcp"));
}

}  // namespace
}  // namespace primocane
