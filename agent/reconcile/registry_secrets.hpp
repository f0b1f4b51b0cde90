// SPDX-License-Identifier: Apache-2.0
// Reads the Secrets that Flux's objects about registries and repositories name.
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "reconcile/registry_settings.hpp"
#include "source/docker_config.hpp"

#include <string>

namespace primocane {

/// The names in such an object, each "" if there is none, and where they are.
struct RegistrySecretNames {
  std::string namespace_name;
  std::string login;         ///< spec.secretRef
  std::string account;       ///< spec.serviceAccountName, whose imagePullSecrets are logins
  std::string certificates;  ///< spec.certSecretRef
  std::string proxy;         ///< spec.proxySecretRef
};

[[nodiscard]] RegistrySecretNames secret_names_in(const OciRepositorySpec& spec);
[[nodiscard]] RegistrySecretNames secret_names_in(const HelmRepositorySpec& spec);

/// What is there, and `system_authorities` with it. A Secret or ServiceAccount that is not is
/// `unavailable`, with its name and the field that names it.
Task<Result<RegistrySecrets>> read_registry_secrets(Cluster& cluster, RegistrySecretNames names,
                                                    std::string system_authorities);

/// What is under `data` of the Secret `name`, which `field` ("spec.secretRef") names. Errors as
/// above.
Task<Result<SecretData>> read_source_secret(Cluster& cluster, std::string field,
                                            std::string namespace_name, std::string name);

}  // namespace primocane
