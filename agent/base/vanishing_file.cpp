// SPDX-License-Identifier: Apache-2.0
#include "base/vanishing_file.hpp"

#include "base/os_error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace primocane {

// O_TMPFILE would do it in one call, but not every file system has it (overlayfs of old kernels).
Result<VanishingFile> VanishingFile::make(const std::string& folder) {
  std::string path = folder + "/.XXXXXX";
  UniqueFd writer(::mkostemp(path.data(), O_CLOEXEC));
  if (!writer.is_open()) {
    return fail(ErrorKind::unavailable,
                fmt::format("can't make a file in {}: {}", folder, describe_errno(errno)));
  }
  UniqueFd reader(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  const int error = errno;
  ::unlink(path.c_str());
  if (reader.is_open()) return VanishingFile(folder, std::move(writer), std::move(reader));
  return fail(ErrorKind::unavailable,
              fmt::format("can't read a file in {}: {}", folder, describe_errno(error)));
}

Result<void> VanishingFile::add(std::string_view piece) {
  while (!piece.empty()) {
    const ssize_t count = ::write(writer_.get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      return fail(ErrorKind::unavailable,
                  fmt::format("can't write to a file in {}: {}", folder_, describe_errno(errno)));
    }
    piece.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace primocane
