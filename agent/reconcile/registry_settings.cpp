// SPDX-License-Identifier: Apache-2.0
#include "reconcile/registry_settings.hpp"

#include <chrono>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

std::chrono::milliseconds in_milliseconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration);
}

template <typename T>
Result<T> about_field(std::string_view field, Result<T> result) {
  if (result) return result;
  return std::unexpected(with_context(field, std::move(result).error()));
}

Result<TlsSettings> tls_settings(const RegistrySecrets& secrets) {
  TlsSettings tls;
  if (!secrets.certificates) return tls;
  TRY(about_field("spec.certSecretRef", add_certificates(*secrets.certificates, tls)));
  return with_system_authorities(std::move(tls), secrets.system_authorities);
}

Result<RegistryAccess> registry_access(const OciUrl& url, bool is_insecure, Duration timeout,
                                       const RegistrySecrets& secrets) {
  RegistryAccess access;
  access.login = TRY(about_field("spec.secretRef", registry_login(secrets.logins, url)));
  access.tls = TRY(tls_settings(secrets));
  if (secrets.proxy) {
    access.proxy = TRY(about_field("spec.proxySecretRef", proxy_of_secret(*secrets.proxy)));
  }
  access.security = is_insecure ? RegistrySecurity::waived : RegistrySecurity::required;
  access.timeout = in_milliseconds(timeout);
  return access;
}

}  // namespace

Result<OciSourceSettings> oci_source_settings(const OciRepositorySpec& spec,
                                              const RegistrySecrets& secrets, std::string folder) {
  OciUrl url = TRY(about_field("spec.url", OciUrl::parse(spec.url)));
  RegistryAccess access = TRY(registry_access(url, spec.is_insecure, spec.timeout, secrets));
  const bool is_copied = spec.layer_operation == LayerOperation::copy;
  return OciSourceSettings{
      .url = std::move(url),
      .reference = {.tag = spec.tag,
                    .semver = spec.semver,
                    .semver_filter = spec.semver_filter,
                    .digest = spec.digest},
      .layer = {.media_type = spec.layer_media_type,
                .operation = is_copied ? OciLayer::Operation::copy : OciLayer::Operation::extract},
      .access = std::move(access),
      .timeout = in_milliseconds(spec.timeout),
      .limits = {},
      .folder = std::move(folder)};
}

Result<ChartRepositorySettings> chart_repository_settings(const HelmRepositorySpec& spec,
                                                          const RegistrySecrets& secrets,
                                                          std::string folder) {
  ChartRepositorySettings settings;
  settings.url = spec.url;
  settings.tls = TRY(tls_settings(secrets));
  if (!secrets.logins.empty()) {
    const SecretData& login = secrets.logins.front();
    const auto username = login.find("username");
    const auto password = login.find("password");
    if ((username == login.end()) != (password == login.end())) {
      return fail(ErrorKind::invalid,
                  "spec.secretRef: the Secret has one of username and password: expected both");
    }
    if (username != login.end()) settings.username = username->second;
    if (password != login.end()) settings.password = password->second;
    // Certificates were kept there before certSecretRef, which has the last word.
    const bool has_certificates = login.contains("caFile") || login.contains("certFile");
    if (!secrets.certificates && has_certificates) {
      TRY(about_field("spec.secretRef", add_certificates(login, settings.tls)));
    }
  }
  settings.credentials =
      spec.passes_credentials ? CredentialScope::all_hosts : CredentialScope::own_host;
  settings.timeout = in_milliseconds(spec.timeout);
  settings.folder = std::move(folder);
  return settings;
}

Result<OciChartsPlace> oci_charts_place(const HelmRepositorySpec& spec,
                                        const RegistrySecrets& secrets) {
  OciUrl url = TRY(about_field("spec.url", OciUrl::parse(spec.url)));
  RegistryAccess access = TRY(registry_access(url, spec.is_insecure, spec.timeout, secrets));
  return OciChartsPlace{.url = std::move(url), .access = std::move(access)};
}

}  // namespace primocane
