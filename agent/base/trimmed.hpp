// SPDX-License-Identifier: Apache-2.0
// trimmed: a text without the white space around it.
#pragma once

#include <algorithm>
#include <string_view>

namespace primocane {

/// `text` without the ASCII white space at both ends, which is what Go's strings.TrimSpace takes
/// away of ASCII. A part of `text`, empty if there is nothing else.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) {
  constexpr std::string_view white_space = " \t\n\v\f\r";
  text.remove_prefix(std::min(text.find_first_not_of(white_space), text.size()));
  return text.substr(0, text.find_last_not_of(white_space) + 1);
}

}  // namespace primocane
