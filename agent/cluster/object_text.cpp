// SPDX-License-Identifier: Apache-2.0
#include "cluster/object_text.hpp"

#include <fmt/format.h>

namespace primocane {

Result<std::size_t> ObjectText::feed(std::string_view piece) {
  std::size_t end = 0;
  while (end < piece.size() && !is_complete_) {
    const char c = piece[end++];
    if (in_string_) {
      if (is_escaped_) {
        is_escaped_ = false;
      } else if (c == '\\') {
        is_escaped_ = true;
      } else if (c == '"') {
        in_string_ = false;
      }
    } else if (c == '"') {
      in_string_ = true;
    } else if (c == '{' || c == '[') {
      ++depth_;
    } else if (c == '}' || c == ']') {
      is_complete_ = --depth_ == 0;
    }
  }
  const std::string_view part = piece.substr(0, end);
  if (begun_.size() + part.size() > size_max_) {
    return fail(ErrorKind::invalid, fmt::format("an object of the server is larger than {}",
                                                to_string(ByteCount(size_max_))));
  }
  if (is_complete_ && begun_.empty()) {
    last_ = part;
  } else {
    begun_ += part;
  }
  return end;
}

}  // namespace primocane
