// SPDX-License-Identifier: Apache-2.0
// Lower case of ASCII alone, whatever the locale: for words of protocols and formats.
#pragma once

#include <algorithm>
#include <string>

namespace primocane {

[[nodiscard]] constexpr char to_lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

[[nodiscard]] inline std::string in_lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), to_lower);
  return text;
}

}  // namespace primocane
