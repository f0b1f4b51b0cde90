// SPDX-License-Identifier: Apache-2.0
// What is wrong with the bytes of a YAML file before its syntax is looked at.
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace primocane {

/// Whether `text` has neither a byte order mark nor a carriage return.
[[nodiscard]] bool has_unix_line_ends(std::string_view text);

/// `text` without a byte order mark and with every line end as "\n" (kustomize does the same).
[[nodiscard]] std::string with_unix_line_ends(std::string_view text);

/// Checks a text with "\n" line ends. `invalid`, with the line, for invalid UTF-8, a control
/// character that YAML forbids (NUL among them), a directive ("%YAML 1.2"), and a "---" line that
/// holds more than a comment: kustomize refuses those as well, except such a line at the very top.
[[nodiscard]] Result<void> check_yaml_text(std::string_view text, std::string_view name);

}  // namespace primocane
