// SPDX-License-Identifier: Apache-2.0
// What HTTP answers of Git servers mean that are no Git.
#pragma once

#include "base/error.hpp"
#include "http/http_client.hpp"
#include "source/git_settings.hpp"
#include "source/git_url.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// The error that `response` stands for; none if it is a Git server's good answer. Bodies are not
/// repeated beyond a line.
[[nodiscard]] std::optional<Error> git_http_error(const HttpResponse& response,
                                                  const CredentialNames& names);

/// Where the repository `url` is after the server redirected its greeting, `url` + `greeting_path`,
/// to `target`. `denied` if that is another host, less secure, or no such greeting: credentials
/// go where the configuration says.
[[nodiscard]] Result<GitUrl> followed_redirect(const GitUrl& url, const std::string& target,
                                               std::string_view greeting_path);

}  // namespace primocane
