// SPDX-License-Identifier: Apache-2.0
// The part of a URL that decides who is spoken to, and who may be told a credential.
#pragma once

#include "base/error.hpp"

#include <string>

namespace primocane {

/// Scheme, host and port of an http or https URL. Host and scheme are in lower case; an IPv6
/// address is in brackets.
struct UrlOrigin {
  std::string scheme;
  std::string host;
  std::string port;

  bool operator==(const UrlOrigin&) const = default;
};

/// "https://git.example.org:443": what messages name, without path, query or credentials.
[[nodiscard]] std::string to_string(const UrlOrigin& origin);

/// `invalid` for what is no absolute http or https URL. The message does not repeat `url`, which
/// may hold a credential.
[[nodiscard]] Result<UrlOrigin> origin_of(const std::string& url);

/// `url` with another host in it, everything else unchanged. `url` must have an origin.
[[nodiscard]] std::string with_host(const std::string& url, const std::string& host);

/// What `reference` means in the folder `base` (an http or https URL), as Helm's
/// repo.ResolveReferenceURL has it: one with a scheme is itself, whatever the scheme; another one
/// gets the query of `base`. `invalid` for what is no URL.
[[nodiscard]] Result<std::string> resolved_url(const std::string& base,
                                               const std::string& reference);

}  // namespace primocane
