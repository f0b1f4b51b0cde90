// SPDX-License-Identifier: Apache-2.0
#include "reconcile/registry_secrets.hpp"

#include "reconcile/variables.hpp"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

namespace {

Task<Result<Value>> get_named(Cluster& cluster, SourceReference owner, std::string_view field,
                              ResourceId id) {
  CO_TRY(std::optional<Value> object, co_await cluster.get(id, "v1"));
  if (!object) {
    co_return fail(ErrorKind::unavailable, fmt::format("{}: spec.{}: {} is not in the cluster",
                                                       to_string(owner), field, to_string(id)));
  }
  co_return std::move(*object);
}

Task<Result<SecretData>> get_secret(Cluster& cluster, SourceReference owner, std::string_view field,
                                    std::string name) {
  ResourceId id{"", "Secret", owner.namespace_name, std::move(name)};
  CO_TRY(const Value secret, co_await get_named(cluster, owner, field, std::move(id)));
  co_return secret_content(secret);
}

std::vector<std::string> image_pull_secrets(const Value& account) {
  std::vector<std::string> names;
  const Value* list = account.find("imagePullSecrets");
  if (list == nullptr || list->as_array() == nullptr) return names;
  for (const Value& item : *list->as_array()) names.emplace_back(item.text_at("name"));
  return names;
}

}  // namespace

Task<Result<RegistrySecrets>> read_registry_secrets(Cluster& cluster, RegistrySecretNames names) {
  RegistrySecrets secrets;
  const SourceReference& owner = names.owner;
  if (!names.login.empty()) {
    CO_TRY(SecretData login, co_await get_secret(cluster, owner, "secretRef", names.login));
    secrets.logins.push_back(std::move(login));
  }
  if (!names.account.empty()) {
    constexpr std::string_view field = "serviceAccountName";
    ResourceId id{"", "ServiceAccount", owner.namespace_name, names.account};
    CO_TRY(const Value account, co_await get_named(cluster, owner, field, std::move(id)));
    for (const std::string& name : image_pull_secrets(account)) {
      CO_TRY(SecretData login, co_await get_secret(cluster, owner, field, name));
      secrets.logins.push_back(std::move(login));
    }
  }
  if (!names.certificates.empty()) {
    CO_TRY(secrets.certificates,
           co_await get_secret(cluster, owner, "certSecretRef", names.certificates));
  }
  co_return secrets;
}

}  // namespace primocane
