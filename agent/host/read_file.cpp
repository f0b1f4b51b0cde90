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

namespace {

Result<std::string> read_regular_file(const std::string& path, ByteCount limit,
                                      mode_t refused_modes) {
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open()) return std::unexpected(os_error(path, errno));
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return std::unexpected(os_error(path, errno));
  if (!S_ISREG(status.st_mode)) {
    return fail(ErrorKind::invalid, fmt::format("{}: is not a regular file", path));
  }
  if ((status.st_mode & refused_modes) != 0) {
    return fail(
        ErrorKind::denied,
        fmt::format("{0}: holds a secret and can be read by everybody (mode {1:04o}): chmod "
                    "600 {0}",
                    path, status.st_mode & 07777U));
  }
  return read_to_end(file.get(), path, limit);
}

}  // namespace

Result<std::string> read_file(const std::string& path, ByteCount limit) {
  return read_regular_file(path, limit, 0);
}

Result<std::string> read_secret_file(const std::string& path, ByteCount limit) {
  return read_regular_file(path, limit, S_IROTH);
}

}  // namespace primocane
