// SPDX-License-Identifier: Apache-2.0
#include "reconcile/chart_access.hpp"

#include "base/base64.hpp"
#include "document/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

// Docker's own registry has a login under a name of its own (go-containerregistry, pkg/name).
std::string login_key(std::string_view registry) {
  if (registry == "index.docker.io") return "https://index.docker.io/v1/";
  return std::string(registry);
}

}  // namespace

std::string docker_config_of(const RegistryLogin& login, std::string_view registry) {
  if (login.is_anonymous()) return {};
  Object entry;
  if (!login.username.empty() || !login.password.empty()) {
    entry.append("username", login.username);
    entry.append("password", login.password);
    entry.append("auth", to_base64(fmt::format("{}:{}", login.username, login.password)));
  }
  if (!login.identity_token.empty()) entry.append("identitytoken", login.identity_token);
  if (!login.registry_token.empty()) entry.append("registrytoken", login.registry_token);
  Object logins;
  logins.append(login_key(registry), std::move(entry));
  Object config;
  config.append("auths", std::move(logins));
  return write_json(config);
}

ChartAccess chart_access_of(const RegistryAccess& access, std::string_view registry) {
  ChartAccess chart;
  chart.docker_config = docker_config_of(access.login, registry);
  chart.authorities = access.tls.ca_pem;
  chart.client_certificate = access.tls.certificate_pem;
  chart.client_key = access.tls.key_pem;
  chart.is_plain_http = access.security == RegistrySecurity::waived;
  return chart;
}

ChartAccess chart_access_of(const ChartRepositorySettings& settings) {
  ChartAccess chart;
  chart.username = settings.username;
  chart.password = settings.password;
  chart.passes_credentials = settings.credentials == CredentialScope::all_hosts;
  chart.authorities = settings.tls.ca_pem;
  chart.client_certificate = settings.tls.certificate_pem;
  chart.client_key = settings.tls.key_pem;
  return chart;
}

std::string version_for_helm(std::string_view version, std::string_view tag) {
  std::string as_tag(version);
  std::ranges::replace(as_tag, '+', '_');
  if (tag == as_tag) return std::string(version);
  if (tag.starts_with('v') && tag.substr(1) == as_tag) return fmt::format("v{}", version);
  return {};
}

}  // namespace primocane
