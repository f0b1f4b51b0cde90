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

Result<std::string> read_file(const std::string& path, ByteCount limit, Secrecy secrecy) {
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open()) return std::unexpected(os_error(path, errno));
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return std::unexpected(os_error(path, errno));
  if (!S_ISREG(status.st_mode)) {
    return fail(ErrorKind::invalid, fmt::format("{}: is not a regular file", path));
  }
  if (secrecy != Secrecy::open && (status.st_mode & S_IROTH) != 0) {
    return fail(
        ErrorKind::denied,
        fmt::format("{0}: holds a secret and can be read by everybody (mode {1:04o}): chmod "
                    "600 {0}",
                    path, status.st_mode & 07777U));
  }
  return read_to_end(file.get(), path, limit);
}

}  // namespace primocane
