// SPDX-License-Identifier: Apache-2.0
// Reads the Secrets that Flux's objects about registries and repositories name.
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "flux/kustomization_spec.hpp"
#include "reconcile/registry_settings.hpp"

#include <string>

namespace primocane {

/// The names in such an object, each "" if there is none, and where they are.
struct RegistrySecretNames {
  SourceReference owner;
  std::string login;         ///< spec.secretRef
  std::string account;       ///< spec.serviceAccountName, whose imagePullSecrets are logins
  std::string certificates;  ///< spec.certSecretRef
};

/// What is there. A Secret or ServiceAccount that is not is `unavailable`, with the object and the
/// field that names it.
Task<Result<RegistrySecrets>> read_registry_secrets(Cluster& cluster, RegistrySecretNames names);

}  // namespace primocane
