// SPDX-License-Identifier: Apache-2.0
// How commands print values for programs.
#pragma once

#include "cli/command_line.hpp"
#include "document/value.hpp"

#include <string>
#include <string_view>

namespace primocane {

/// `value` as `format` says: indented JSON or YAML. With OutputFormat::text, `text` without
/// terminal codes.
[[nodiscard]] std::string print(OutputFormat format, const Value& value, std::string_view text);

}  // namespace primocane
