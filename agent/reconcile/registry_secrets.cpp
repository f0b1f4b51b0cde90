// SPDX-License-Identifier: Apache-2.0
#include "reconcile/registry_secrets.hpp"

#include "reconcile/source_secret.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// The content of the Secret `name` beside the object whose `field` names it.
Task<Result<SecretData>> read_beside(Cluster& cluster, std::string field, std::string place,
                                     std::string name) {
  ResourceId id = secret_id(place, name);
  auto content = co_await read_source_secret(cluster, std::move(field), std::move(id));
  co_return content;
}

Task<Result<Value>> get_account(Cluster& cluster, std::string field, ResourceId id) {
  CO_TRY(std::optional<Value> account, co_await cluster.get(id, "v1"));
  if (!account) {
    co_return fail(ErrorKind::unavailable,
                   fmt::format("{}: {} is not in the cluster", field, to_string(id)));
  }
  co_return std::move(*account);
}

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
    CO_TRY(SecretData login, co_await read_beside(cluster, "spec.secretRef", place, names.login));
    secrets.logins.push_back(std::move(login));
  }
  if (!names.account.empty()) {
    const std::string field = "spec.serviceAccountName";
    ResourceId id{"", "ServiceAccount", place, names.account};
    CO_TRY(const Value account, co_await get_account(cluster, field, std::move(id)));
    for (const std::string& name : image_pull_secrets(account)) {
      CO_TRY(SecretData login, co_await read_beside(cluster, field, place, name));
      secrets.logins.push_back(std::move(login));
    }
  }
  if (!names.certificates.empty()) {
    CO_TRY(secrets.certificates,
           co_await read_beside(cluster, "spec.certSecretRef", place, names.certificates));
  }
  if (!names.proxy.empty()) {
    CO_TRY(secrets.proxy, co_await read_beside(cluster, "spec.proxySecretRef", place, names.proxy));
  }
  co_return secrets;
}

}  // namespace primocane
