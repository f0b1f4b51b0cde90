// SPDX-License-Identifier: Apache-2.0
#include "source/printable.hpp"

#include "base/trimmed.hpp"

namespace primocane {

std::string printable(std::string_view text, std::size_t length_max) {
  text = trimmed(text);

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
