// SPDX-License-Identifier: Apache-2.0
// The command line of the system's ssh for one conversation with a git-upload-pack, and what its
// words on standard error mean.
#pragma once

#include "base/error.hpp"
#include "source/git_settings.hpp"
#include "source/git_url.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// The arguments, from "ssh" on. Nobody is asked anything, no host key is taken that is not in
/// authentication.ssh_known_hosts, and where a key is configured no other one is offered. The
/// rest (ProxyJump and the like) is ssh's own configuration. `invalid` if a path in `settings` has
/// characters that ssh_config(5) would take for something else.
[[nodiscard]] Result<std::vector<std::string>> ssh_arguments(const GitUrl& url,
                                                             const GitSettings& settings);

/// The error of an ssh that ended with `exit_code` (0: it ended too early) and `words` on standard
/// error.
[[nodiscard]] Error ssh_error(int exit_code, std::string_view words,
                              const CredentialNames& names = {});

}  // namespace primocane
