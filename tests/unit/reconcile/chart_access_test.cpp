// SPDX-License-Identifier: Apache-2.0
#include "reconcile/chart_access.hpp"

#include "document/json.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

namespace primocane {
namespace {

TEST_CASE("a login becomes a Docker configuration for its registry alone") {
  RegistryLogin login;
  CHECK(docker_config_of(login, "ghcr.io").empty());
  login.username = "me";
  login.password = "word";
  CHECK(
      read_json(docker_config_of(login, "ghcr.io:5000"), "config").value() ==
      yaml_value("{auths: {'ghcr.io:5000': {username: me, password: word, auth: bWU6d29yZA==}}}"));
  CHECK(docker_config_of(login, "index.docker.io").find("https://index.docker.io/v1/") !=
        std::string::npos);
  login = RegistryLogin();
  login.identity_token = "token";
  CHECK(read_json(docker_config_of(login, "ghcr.io"), "config").value() ==
        yaml_value("{auths: {ghcr.io: {identitytoken: token}}}"));
}

TEST_CASE("Helm gets charts from registries and repositories as we do") {
  RegistryAccess registry;
  registry.tls.ca_pem = "CA";
  registry.security = RegistrySecurity::waived;
  ChartAccess chart = chart_access_of(registry, "ghcr.io");
  CHECK(chart.authorities == "CA");
  CHECK(chart.is_plain_http);
  CHECK(chart.docker_config.empty());

  ChartRepositorySettings repository;
  repository.username = "me";
  repository.password = "word";
  repository.credentials = CredentialScope::all_hosts;
  chart = chart_access_of(repository);
  CHECK(chart.username == "me");
  CHECK(chart.password == "word");
  CHECK(chart.passes_credentials);
}

TEST_CASE("Helm is told a version only where it finds the tag by it") {
  CHECK(version_for_helm("1.2.3", "1.2.3") == "1.2.3");
  CHECK(version_for_helm("1.2.3+build", "1.2.3_build") == "1.2.3+build");
  CHECK(version_for_helm("1.2.3", "v1.2.3") == "v1.2.3");
  CHECK(version_for_helm("1.2.3", "latest").empty());
  CHECK(version_for_helm("1.2.3", "").empty());
}

}  // namespace
}  // namespace primocane
