// SPDX-License-Identifier: Apache-2.0
// What Secrets say about registries and repositories of charts: logins, certificates, proxies.
// Sources: go-containerregistry pkg/authn/kubernetes; fluxcd/pkg/runtime/secrets.
#pragma once

#include "base/error.hpp"
#include "http/http_client.hpp"
#include "source/oci_url.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace primocane {

/// The data of a Secret, decoded.
using SecretData = std::map<std::string, std::string>;

/// What is under `key` of `secret`, or "".
[[nodiscard]] std::string text_in(const SecretData& secret, std::string_view key);
/// The same, or what is under the older name of it ("ca.crt", "caFile").
[[nodiscard]] std::string text_in(const SecretData& secret, std::string_view key,
                                  std::string_view old_key);

/// How a registry is logged in to; all empty: not at all.
struct RegistryLogin {
  std::string username;
  std::string password;
  std::string identity_token;  ///< for the token server, instead of a password
  std::string registry_token;  ///< for the registry itself

  [[nodiscard]] bool is_anonymous() const {
    return username.empty() && password.empty() && identity_token.empty() && registry_token.empty();
  }
  bool operator==(const RegistryLogin&) const = default;
};

/// The login for `repository` in a Docker configuration ("auths": {...}), with the rules of the
/// kubelet: the longest key whose host, port and path fit wins, "*" stands for a part of a host's
/// name. Nothing if no key fits. `invalid` for what is no such configuration; the message holds
/// nothing of it.
[[nodiscard]] Result<std::optional<RegistryLogin>> read_docker_config(std::string_view text,
                                                                      const OciUrl& repository);

/// The login for `repository` in `secrets`: the first that has one. Each is a docker configuration
/// (".dockerconfigjson", ".dockercfg") or has "username" and "password"; `invalid` otherwise.
[[nodiscard]] Result<RegistryLogin> registry_login(std::span<const SecretData> secrets,
                                                   const OciUrl& repository);

/// Puts what `secret` holds into `tls`: "ca.crt", "tls.crt" with "tls.key", or their older names
/// caFile, certFile, keyFile. `invalid` when it holds none of them, or half a pair.
[[nodiscard]] Result<void> add_certificates(const SecretData& secret, TlsSettings& tls);

/// The URL of the proxy that `secret` names by "address", with its "username" and "password".
[[nodiscard]] Result<std::string> proxy_of_secret(const SecretData& secret);

}  // namespace primocane
