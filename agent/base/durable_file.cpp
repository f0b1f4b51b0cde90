// SPDX-License-Identifier: Apache-2.0
#include "base/durable_file.hpp"

#include "base/os_error.hpp"
#include "base/read_to_end.hpp"
#include "base/unique_fd.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace primocane {

namespace {

constexpr mode_t folder_mode = 0750;

std::unexpected<Error> failed(std::string_view what, const std::string& path) {
  return fail(ErrorKind::unavailable, fmt::format("{} {}: {}", what, path, describe_errno(errno)));
}

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t count = ::write(file, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// Whatever stands there, a link elsewhere perhaps, is not written to.
Result<void> write_file(const std::string& path, std::string_view content, Durability durability,
                        mode_t mode) {
  ::unlink(path.c_str());
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  const bool is_written = file.is_open() && write_all(file.get(), content) &&
                          (durability == Durability::lazy || ::fsync(file.get()) == 0);
  if (!is_written) return failed("can't write", path);
  return {};
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

}  // namespace

Result<void> replace_file(const std::string& path, std::string_view content, Durability durability,
                          unsigned mode) {
  const std::string temporary = path + std::string(unfinished_suffix);
  Result<void> replaced = write_file(temporary, content, durability, mode);
  if (replaced) replaced = rename_file(temporary, path);
  if (!replaced) {
    ::unlink(temporary.c_str());
    return replaced;
  }
  return durability == Durability::synced ? sync_folder(folder_of(path)) : Result<void>();
}

Result<void> rename_file(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) return failed("can't rename to", to);
  return {};
}

Result<void> sync_folder(const std::string& folder) {
  const UniqueFd opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.is_open() || ::fsync(opened.get()) != 0) return failed("can't sync folder", folder);
  return {};
}

Result<void> make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), folder_mode) == 0) return {};
  if (errno != EEXIST) return failed("can't make folder", path);
  struct stat found = {};
  if (::lstat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode)) return {};
  return fail(ErrorKind::unavailable,
              fmt::format("{} is not a folder (links are not followed); remove it", path));
}

Result<std::optional<std::string>> read_if_there(const std::string& path, ByteCount limit) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() && errno == ENOENT) return std::nullopt;
  if (!file.is_open()) return failed("can't read", path);
  return TRY(read_to_end(file.get(), path, limit));
}

void remove_unfinished(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (entry->path().extension() == unfinished_suffix) fs::remove(entry->path(), ignored);
  }
}

}  // namespace primocane
