// SPDX-License-Identifier: Apache-2.0
// The classes of ASCII letters that formats name.
#pragma once

namespace primocane {

[[nodiscard]] constexpr bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

[[nodiscard]] constexpr bool is_letter_or_digit(char letter) {
  return is_digit(letter) || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

/// YAML's s-white.
[[nodiscard]] constexpr bool is_blank(char letter) { return letter == ' ' || letter == '\t'; }

}  // namespace primocane
