// SPDX-License-Identifier: Apache-2.0
// ErrorTail: the end of what a child wrote to its standard error.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace primocane {

/// Keeps the last 4 KiB of what it is given.
class ErrorTail {
 public:
  static constexpr std::size_t bytes_max = 4096;

  void add(std::string_view bytes);
  /// As text for a message: control characters (a child's output may try to steer a terminal) are
  /// replaced, white space at the end is cut.
  [[nodiscard]] std::string text() const;

 private:
  std::string bytes_;
};

}  // namespace primocane
