// SPDX-License-Identifier: Apache-2.0
// Specification of what OCIRepositories and HelmRepositories become with their Secrets.
#include "reconcile/registry_settings.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <string>

using namespace primocane;

TEST_CASE("an OCIRepository is reached as it and its Secrets say") {
  OciRepositorySpec spec;
  spec.url = "oci://ghcr.io/org/app";
  spec.semver = "1.x";
  spec.layer_media_type = "type";
  spec.layer_operation = LayerOperation::copy;
  spec.timeout = std::chrono::minutes(2);
  spec.is_insecure = true;
  RegistrySecrets secrets;
  secrets.logins = {
      {{".dockerconfigjson", R"({"auths":{"ghcr.io":{"username":"ann","password":"pw"}}})"}}};
  secrets.certificates = SecretData{{"ca.crt", "OWN"}};
  secrets.proxy = SecretData{{"address", "http://proxy:3128"}};
  secrets.system_authorities = "SYSTEM";
  const auto settings = oci_source_settings(spec, secrets, "/state/app");
  REQUIRE(settings);
  CHECK(settings->url.repository() == "org/app");
  CHECK(settings->reference.semver == "1.x");
  CHECK(settings->layer == OciLayer{.media_type = "type", .operation = OciLayer::Operation::copy});
  CHECK(settings->access.login.username == "ann");
  CHECK(settings->access.tls.ca_pem == "OWN\nSYSTEM");
  CHECK(settings->access.proxy == "http://proxy:3128");
  CHECK(settings->access.security == RegistrySecurity::waived);
  CHECK(settings->timeout == std::chrono::minutes(2));
  CHECK(settings->folder == "/state/app");
}

TEST_CASE("what is wrong with a registry's Secrets is told by the field that names them") {
  OciRepositorySpec spec;
  spec.url = "oci://ghcr.io/org/app";
  const auto message = [&spec](const RegistrySecrets& secrets) {
    const auto settings = oci_source_settings(spec, secrets, "");
    return settings ? std::string() : settings.error().message;
  };
  CHECK(message({}).empty());
  CHECK(message({.logins = {{{"other", "hush"}}}}).starts_with("spec.secretRef: "));
  CHECK(message({.certificates = SecretData{{"tls.crt", "hush"}}})
            .starts_with("spec.certSecretRef: "));
  CHECK(message({.proxy = SecretData{}}).starts_with("spec.proxySecretRef: "));
  spec.url = "oci://ghcr.io/org/app:v1";
  CHECK(message({}).starts_with("spec.url: "));
}

TEST_CASE("a HelmRepository has its login and its older certificates in one Secret") {
  HelmRepositorySpec spec;
  spec.url = "https://example.org/charts";
  spec.passes_credentials = true;
  RegistrySecrets secrets;
  secrets.logins = {{{"username", "ann"}, {"password", "pw"}, {"caFile", "OLD"}}};
  const auto settings = chart_repository_settings(spec, secrets, "/state");
  REQUIRE(settings);
  CHECK(settings->username == "ann");
  CHECK(settings->tls.ca_pem == "OLD");
  CHECK(settings->credentials == CredentialScope::all_hosts);
  secrets.certificates = SecretData{{"ca.crt", "NEW"}};
  CHECK(chart_repository_settings(spec, secrets, "")->tls.ca_pem == "NEW\n");
  secrets.logins = {{{"username", "ann"}}};
  CHECK_FALSE(chart_repository_settings(spec, secrets, ""));
}

TEST_CASE("a HelmRepository of type oci leads to repositories of charts") {
  HelmRepositorySpec spec;
  spec.type = HelmRepositoryType::oci;
  spec.url = "oci://ghcr.io/org/charts";
  const auto place = oci_charts_place(spec, {});
  REQUIRE(place);
  CHECK(place->url.below("podinfo")->repository() == "org/charts/podinfo");
  CHECK(place->access.login.is_anonymous());
}
