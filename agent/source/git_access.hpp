// SPDX-License-Identifier: Apache-2.0
// GitAccess: what a remote is reached with. From files of the configuration, read at each use, or
// from Secrets that a GitRepository of Flux names.
#pragma once

#include "base/error.hpp"
#include "base/secrecy.hpp"
#include "http/http_client.hpp"
#include "source/docker_config.hpp"
#include "source/git_settings.hpp"
#include "source/git_url.hpp"

#include <functional>
#include <string>

namespace primocane {

/// Reads a small file whole, at each use. `denied` for a secret one that everybody may read.
using ReadFile = std::function<Result<std::string>(const std::string& path, Secrecy secrecy)>;

/// The values themselves. Those that a scheme has no use for are empty.
struct GitAccess {
  std::string username;  ///< for basic authentication over HTTPS
  std::string password;
  std::string bearer_token;
  TlsSettings tls;
  std::string proxy;            ///< URL, perhaps with a login; "" for none
  std::string ssh_identity;     ///< private key, for SSH
  std::string ssh_known_hosts;  ///< required for SSH

  bool operator==(const GitAccess&) const = default;
};

/// Finds what is to be used now.
using FindGitAccess = std::function<Result<GitAccess>()>;

/// What the files that `settings` name hold now, for HTTP and HTTPS.
[[nodiscard]] Result<GitAccess> read_git_access(const GitSettings& settings,
                                                const ReadFile& read_file);

/// What the Secrets of a GitRepository say about `url`: `login` of secretRef, `proxy` of
/// proxySecretRef, each null where there is none. `system_authorities` is the content of the
/// system's file of them: what a Secret names counts beside those. `invalid`, by the keys' names,
/// for what is missing or not served; the message holds nothing of what the Secrets hold. Source:
/// fluxcd/pkg git/options.go (NewAuthOptions), gogit/transport.go.
[[nodiscard]] Result<GitAccess> git_access(const GitUrl& url, const SecretData* login,
                                           const SecretData* proxy,
                                           const std::string& system_authorities);

}  // namespace primocane
