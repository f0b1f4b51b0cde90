// SPDX-License-Identifier: Apache-2.0
#include "reconcile/registry_secrets.hpp"

#include "reconcile/source_secret.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

namespace primocane {

namespace {

std::vector<std::string> image_pull_secrets(const Value& account) {
  std::vector<std::string> names;
  const Value* list = account.find("imagePullSecrets");
  if (list == nullptr || list->as_array() == nullptr) return names;
  for (const Value& item : *list->as_array()) names.emplace_back(item.text_at("name"));
  return names;
}

}  // namespace

RegistrySecretNames secret_names_in(const OciRepositorySpec& spec) {
  return {.namespace_name = spec.name.namespace_name,
          .login = spec.secret,
          .account = spec.service_account,
          .certificates = spec.cert_secret,
          .proxy = spec.proxy_secret};
}

RegistrySecretNames secret_names_in(const HelmRepositorySpec& spec) {
  return {.namespace_name = spec.name.namespace_name,
          .login = spec.secret,
          .account = {},
          .certificates = spec.cert_secret,
          .proxy = {}};
}

Task<Result<RegistrySecrets>> read_registry_secrets(Cluster& cluster, RegistrySecretNames names,
                                                    std::string system_authorities) {
  const std::string& place = names.namespace_name;
  RegistrySecrets secrets;
  secrets.system_authorities = std::move(system_authorities);
  if (!names.login.empty()) {
    CO_TRY(SecretData login,
           co_await read_source_secret(cluster, "spec.secretRef", place, names.login));
    secrets.logins.push_back(std::move(login));
  }
  if (!names.account.empty()) {
    const std::string field = "spec.serviceAccountName";
    ResourceId id{"", "ServiceAccount", place, names.account};
    CO_TRY(const Value account, co_await read_named(cluster, field, std::move(id)));
    for (const std::string& name : image_pull_secrets(account)) {
      CO_TRY(SecretData login, co_await read_source_secret(cluster, field, place, name));
      secrets.logins.push_back(std::move(login));
    }
  }
  if (!names.certificates.empty()) {
    CO_TRY(secrets.certificates,
           co_await read_source_secret(cluster, "spec.certSecretRef", place, names.certificates));
  }
  if (!names.proxy.empty()) {
    CO_TRY(secrets.proxy,
           co_await read_source_secret(cluster, "spec.proxySecretRef", place, names.proxy));
  }
  co_return secrets;
}

}  // namespace primocane
