// SPDX-License-Identifier: Apache-2.0
// Loads the configuration from its file.
#pragma once

#include "base/error.hpp"
#include "cli/config.hpp"

#include <string>

namespace primocane {

/// Reads and checks the file. `invalid`, saying what to do, when it is not there.
[[nodiscard]] Result<ConfigFile> load_config(const std::string& path);

}  // namespace primocane
