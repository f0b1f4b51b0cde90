// SPDX-License-Identifier: Apache-2.0
#include "host/error_tail.hpp"

namespace primocane {

void ErrorTail::add(std::string_view bytes) {
  bytes_ += bytes;
  if (bytes_.size() > bytes_max) bytes_.erase(0, bytes_.size() - bytes_max);
}

std::string ErrorTail::text() const {
  std::string text = bytes_;
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_control = byte < 0x20 || byte == 0x7F;
    if (is_control && c != '\n' && c != '\t') c = '?';
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) {
    text.pop_back();
  }
  return text;
}

}  // namespace primocane
