// SPDX-License-Identifier: Apache-2.0
#include "source/pack_files.hpp"

#include "base/os_error.hpp"
#include "base/unique_fd.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace primocane {

namespace {

constexpr std::size_t checksum_size = 20;

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

// Opens a file that must be plain, of one name and of that size.
Result<UniqueFd> open_sized(const std::string& path, ByteCount size) {
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status{};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0) {
    return fail(ErrorKind::unavailable, fmt::format("{}: {}", path, describe_errno(errno)));
  }
  const ByteCount actual(static_cast<std::uint64_t>(status.st_size));
  if (!S_ISREG(status.st_mode) || status.st_nlink != 1 || actual != size) {
    return fail(ErrorKind::unavailable, fmt::format("{} is no file of {} but of {}", path,
                                                    to_string(size), to_string(actual)));
  }
  return file;
}

// The checksum that ends `distance` bytes before the end of a file, in hexadecimal.
std::string checksum_before_end(const UniqueFd& file, ByteCount size, std::size_t distance) {
  std::string bytes(checksum_size, '\0');
  if (size.count() < distance + checksum_size) return {};
  const auto at = static_cast<off_t>(size.count() - distance - checksum_size);
  const ssize_t count = ::pread(file.get(), bytes.data(), bytes.size(), at);
  return count == static_cast<ssize_t>(bytes.size()) ? hexadecimal(bytes) : std::string();
}

}  // namespace

Result<void> check_pack_files(const std::string& stem, const MirrorPack& pack) {
  const UniqueFd objects = TRY(open_sized(stem + ".pack", pack.pack_size));
  const UniqueFd index = TRY(open_sized(stem + ".idx", pack.index_size));
  // A pack ends in its checksum, which is its name; an index in that of its pack and its own.
  if (checksum_before_end(objects, pack.pack_size, 0) != pack.name) {
    return fail(ErrorKind::unavailable, stem + ".pack is damaged at its end");
  }
  if (checksum_before_end(index, pack.index_size, checksum_size) != pack.name) {
    return fail(ErrorKind::unavailable, stem + ".idx does not belong to its pack");
  }
  return {};
}

std::string pack_fingerprint(const std::string& stem) {
  std::string text;
  for (const std::string_view ending : {".pack", ".idx"}) {
    struct stat status{};
    const std::string path = stem + std::string(ending);
    if (::stat(path.c_str(), &status) != 0) return text + "missing;";
    text += fmt::format("{}:{}:{}:{}.{};", status.st_dev, status.st_ino, status.st_size,
                        status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
  }
  return text;
}

}  // namespace primocane
