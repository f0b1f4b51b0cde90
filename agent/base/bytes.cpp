// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.hpp"

#include <fmt/format.h>

namespace primocane {

std::string to_string(ByteCount bytes) {
  const auto count = static_cast<double>(bytes.count());
  if (bytes.count() < 1024) return fmt::format("{} bytes", bytes.count());
  if (bytes.count() < 1024 * 1024) return fmt::format("{:.1f} KiB", count / 1024);
  if (bytes.count() < 1024ULL * 1024 * 1024)
    return fmt::format("{:.1f} MiB", count / (1024 * 1024));
  return fmt::format("{:.1f} GiB", count / (1024 * 1024 * 1024));
}

}  // namespace primocane
