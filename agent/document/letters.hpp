// SPDX-License-Identifier: Apache-2.0
// The classes of ASCII letters that the formats of this room name.
#pragma once

namespace primocane {

[[nodiscard]] constexpr bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// YAML's s-white.
[[nodiscard]] constexpr bool is_blank(char letter) { return letter == ' ' || letter == '\t'; }

}  // namespace primocane
