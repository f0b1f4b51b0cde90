// SPDX-License-Identifier: Apache-2.0
#include "host/error_tail.hpp"

#include "document/plain_text.hpp"

namespace primocane {

void ErrorTail::add(std::string_view bytes) {
  bytes_ += bytes;
  if (bytes_.size() > bytes_max) bytes_.erase(0, bytes_.size() - bytes_max);
}

std::string ErrorTail::text() const {
  std::string text = plain_text(bytes_);
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) {
    text.pop_back();
  }
  return text;
}

}  // namespace primocane
