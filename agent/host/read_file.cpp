// SPDX-License-Identifier: Apache-2.0
#include "host/read_file.hpp"

#include "base/unique_fd.hpp"
#include "host/os_error.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace primocane {

Result<std::string> read_file(const std::string& path, ByteCount limit) {
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open()) return std::unexpected(os_error(path, errno));
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return std::unexpected(os_error(path, errno));
  if (!S_ISREG(status.st_mode)) {
    return fail(ErrorKind::invalid, fmt::format("{}: is not a regular file", path));
  }
  std::string content;
  std::array<char, 16384> piece{};
  for (;;) {
    const ssize_t count = ::read(file.get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::unexpected(os_error(path, errno));
    if (count == 0) return content;
    content.append(piece.data(), static_cast<std::size_t>(count));
    if (content.size() > limit.count()) {
      return fail(ErrorKind::invalid, fmt::format("{}: is larger than {}", path, to_string(limit)));
    }
  }
}

}  // namespace primocane
