// SPDX-License-Identifier: Apache-2.0
// Bounds that every reader of untrusted documents keeps.
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace primocane {

/// What a file of documents may cost. Exceeding a bound is an `invalid` error that names it and
/// the line.
struct DocumentLimits {
  ByteCount bytes{16 * 1024 * 1024};  ///< of the file, and of all its strings with aliases expanded
  std::size_t depth = 100;            ///< nested collections
  std::size_t nodes = 1'000'000;      ///< values, counted after aliases are expanded
  std::size_t documents = 10'000;     ///< in one file
  ByteCount scalar{4 * 1024 * 1024};  ///< of one string
};

/// `invalid`, naming the file and both sizes, if `text` is bigger than a file may be.
[[nodiscard]] Result<void> check_size(std::string_view text, std::string_view name,
                                      const DocumentLimits& limits);

}  // namespace primocane
