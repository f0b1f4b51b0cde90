// SPDX-License-Identifier: Apache-2.0
// take_until: reads a text of lines, or a line of fields, from its beginning.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace primocane {

/// Takes what precedes `separator` from the beginning of `text`, and the separator as well; all of
/// it where there is none.
constexpr std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return taken;
}

}  // namespace primocane
