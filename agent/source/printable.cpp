// SPDX-License-Identifier: Apache-2.0
#include "source/printable.hpp"

namespace primocane {

std::string printable(std::string_view text, std::size_t length_max) {
  constexpr std::string_view white_space = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(white_space);
  if (begin == std::string_view::npos) return {};
  text = text.substr(begin, text.find_last_not_of(white_space) - begin + 1);

  std::string clean;
  for (const char c : text.substr(0, length_max)) {
    if (c == '\n' || c == '\r' || c == '\t') {
      clean += ' ';
    } else {
      clean += c >= ' ' && c <= '~' ? c : '?';
    }
  }
  if (text.size() > length_max) clean += "...";
  return clean;
}

}  // namespace primocane
