// SPDX-License-Identifier: Apache-2.0
// Sizes with their unit in the type.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace primocane {

/// A number of bytes.
class ByteCount {
 public:
  constexpr ByteCount() = default;
  constexpr explicit ByteCount(std::uint64_t count) : count_(count) {}

  [[nodiscard]] constexpr std::uint64_t count() const { return count_; }
  auto operator<=>(const ByteCount&) const = default;

 private:
  std::uint64_t count_ = 0;
};

/// "17 bytes", "1.5 KiB", "3.0 MiB": for messages.
[[nodiscard]] std::string to_string(ByteCount bytes);

}  // namespace primocane
