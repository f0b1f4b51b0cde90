// SPDX-License-Identifier: Apache-2.0
// RegistryAuth: decides what a registry is told about who asks. Source: Docker's token
// authentication (distribution/docs/content/spec/auth/token.md, oauth.md).
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "http/http_client.hpp"
#include "source/auth_challenge.hpp"
#include "source/docker_config.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// Whether a registry may be spoken to without TLS, and without a certificate that holds where no
/// authority is named (spec.insecure).
enum class RegistrySecurity : std::uint8_t { required, waived };

/// Does no IO: its owner sends the requests.
class RegistryAuth {
 public:
  /// For pulling from `repository`.
  RegistryAuth(RegistryLogin login, std::string repository, RegistrySecurity security);

  /// Puts into `request`, which goes to the registry itself, what it has asked for. `denied` where
  /// that would be readable by everybody on the way.
  [[nodiscard]] Result<void> sign(HttpRequest& request) const;

  /// Takes what the registry wants from its answer of status 401. Whether asking again may help:
  /// not if it wants what it was given.
  [[nodiscard]] Result<bool> take_challenge(const HttpResponse& response);

  /// Whether a token must be fetched before the next request.
  [[nodiscard]] bool needs_token(SteadyTime now) const;
  /// What to ask the token server; called when needs_token(). `denied` for a server that may not be
  /// told the login.
  [[nodiscard]] Result<HttpRequest> token_request() const;
  /// Takes the server's answer; `now` is when the request was sent.
  [[nodiscard]] Result<void> take_token(const HttpResponse& response, SteadyTime now);

 private:
  enum class Way : std::uint8_t { none, basic, bearer };

  [[nodiscard]] HttpRequest identity_request(const std::string& scope) const;

  RegistryLogin login_;
  std::string repository_;
  RegistrySecurity security_;
  Way way_ = Way::none;
  AuthChallenge challenge_;  // of the way of the bearer
  std::string token_;
  SteadyTime token_end_{};
};

}  // namespace primocane
