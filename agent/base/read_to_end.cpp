// SPDX-License-Identifier: Apache-2.0
#include "base/read_to_end.hpp"

#include "base/os_error.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <unistd.h>

namespace primocane {

Result<std::string> read_to_end(int descriptor, std::string_view what, ByteCount limit) {
  std::string content;
  std::array<char, 16384> piece{};
  for (;;) {
    const ssize_t count = ::read(descriptor, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(os_error(what, errno));
    if (count == 0) return content;
    content.append(piece.data(), static_cast<std::size_t>(count));
    if (content.size() > limit.count()) {
      return fail(ErrorKind::invalid, fmt::format("{} is larger than {}", what, to_string(limit)));
    }
  }
}

}  // namespace primocane
