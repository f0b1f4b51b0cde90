// SPDX-License-Identifier: Apache-2.0
#include "host/read_file.hpp"

#include "base/os_error.hpp"
#include "base/read_to_end.hpp"
#include "base/unique_fd.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

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
  return read_to_end(file.get(), path, limit);
}

}  // namespace primocane
