// SPDX-License-Identifier: Apache-2.0
// From what Flux's objects about registries say, and the Secrets that they name, to what source/
// needs to reach them.
#pragma once

#include "base/error.hpp"
#include "flux/helm_repository_spec.hpp"
#include "flux/oci_repository_spec.hpp"
#include "source/chart_repository.hpp"
#include "source/docker_config.hpp"
#include "source/oci_source.hpp"

#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// What the Secrets of an OCIRepository or a HelmRepository hold.
struct RegistrySecrets {
  std::vector<SecretData> logins;          ///< of secretRef, then those of the ServiceAccount
  std::optional<SecretData> certificates;  ///< of certSecretRef
  std::optional<SecretData> proxy;         ///< of proxySecretRef
  std::string system_authorities;  ///< the system's bundle, PEM, for with_system_authorities()
};

/// `invalid` for a URL that is none and for Secrets without what they are named for; the message
/// says which field names them, and holds nothing of them.
[[nodiscard]] Result<OciSourceSettings> oci_source_settings(const OciRepositorySpec& spec,
                                                            const RegistrySecrets& secrets,
                                                            std::string folder);

/// For a HelmRepository with an index; `folder` is any that is there. Errors as above.
[[nodiscard]] Result<ChartRepositorySettings> chart_repository_settings(
    const HelmRepositorySpec& spec, const RegistrySecrets& secrets, std::string folder);

/// For a HelmRepository of type oci: where its charts are, and how they are reached, for
/// resolve_oci_charts(). Errors as above.
struct OciChartsPlace {
  OciUrl url;
  RegistryAccess access;
};
[[nodiscard]] Result<OciChartsPlace> oci_charts_place(const HelmRepositorySpec& spec,
                                                      const RegistrySecrets& secrets);

}  // namespace primocane
