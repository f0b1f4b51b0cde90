// SPDX-License-Identifier: Apache-2.0
// From what a GitRepository of Flux says, and the Secrets that it names, to what source/ needs to
// follow it.
#pragma once

#include "base/error.hpp"
#include "flux/git_repository_spec.hpp"
#include "source/docker_config.hpp"
#include "source/git_access.hpp"
#include "source/git_settings.hpp"
#include "source/git_verification.hpp"

#include <optional>
#include <string>

namespace primocane {

/// What the Secrets of a GitRepository hold.
struct GitSecrets {
  std::optional<SecretData> login;   ///< of secretRef
  std::optional<SecretData> proxy;   ///< of proxySecretRef
  std::optional<SecretData> keys{};  ///< of verify.secretRef
  std::string system_authorities;    ///< the system's bundle, PEM
};

/// What a GitRepository is followed by, for make_git_repository().
struct GitSource {
  GitSettings settings;
  GitAccess access;
  std::optional<GitVerification> verification{};

  bool operator==(const GitSource&) const = default;
};

/// `limits` has the limits and the timeouts that are configured for all repositories; its URL,
/// branch and credentials are not used. `invalid` for a URL that is none, a ref that can't be, and
/// Secrets without what they are named for; the message says which field names them, and holds
/// nothing of them.
[[nodiscard]] Result<GitSource> git_source_of(const GitRepositorySpec& spec,
                                              const GitSecrets& secrets, const GitSettings& limits);

}  // namespace primocane
