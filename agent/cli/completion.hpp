// SPDX-License-Identifier: Apache-2.0
// Completion scripts, made from the description of the command line, so that they can't drift.
#pragma once

#include "cli/command_line.hpp"

#include <string>

namespace primocane {

/// A script that completes `program`'s commands and options in `shell`.
[[nodiscard]] std::string write_completion(const CommandDescription& program, Shell shell);

}  // namespace primocane
