// SPDX-License-Identifier: Apache-2.0
// Loads the configuration from its file.
#pragma once

#include "base/error.hpp"
#include "cli/config.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// Reads and checks the file. Nothing where there is none, or one that says nothing (yet).
/// `credentials` is CREDENTIALS_DIRECTORY of a service, or "".
[[nodiscard]] Result<std::optional<ConfigFile>> load_config_if_there(
    const std::string& path, const std::string& credentials);

/// Reads and checks the file. `invalid`, saying what to do, when it is not there or says nothing.
[[nodiscard]] Result<ConfigFile> load_config(const std::string& path);

/// Whether a configuration of this text is one that somebody has only begun: blank lines and
/// comments.
[[nodiscard]] bool says_nothing(std::string_view text);

/// What a person reads whose configuration is not there, or says nothing.
[[nodiscard]] std::string absent_config(const std::string& path);

}  // namespace primocane
