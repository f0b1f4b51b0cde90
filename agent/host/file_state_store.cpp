// SPDX-License-Identifier: Apache-2.0
#include "host/file_state_store.hpp"

#include "base/durable_file.hpp"
#include "base/os_error.hpp"
#include "base/read_to_end.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace primocane {

namespace {

constexpr const char* lock_name = "lock";
constexpr ByteCount state_size_max{64ULL * 1024 * 1024};

Result<UniqueFd> open_at(int folder, const std::string& name, int flags, mode_t mode,
                         const std::string& path) {
  UniqueFd file(::openat(folder, name.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, mode));
  if (file.get() < 0) return std::unexpected(os_error(fmt::format("{}/{}", path, name), errno));
  return file;
}

Result<UniqueFd> open_folder(const std::string& path) {
  UniqueFd folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) return std::unexpected(os_error(path, errno));
  return folder;
}

Result<void> require_plain_name(std::string_view name) {
  const bool is_plain = !name.empty() && name.front() != '.' &&
                        name.find('/') == std::string_view::npos && name != lock_name &&
                        !name.ends_with(unfinished_suffix);
  if (is_plain) return {};
  return fail(ErrorKind::invalid, fmt::format("\"{}\" is no name of a state", name));
}

}  // namespace

FileStateStore::FileStateStore(std::string path, UniqueFd folder, UniqueFd lock)
    : path_(std::move(path)), folder_(std::move(folder)), lock_(std::move(lock)) {}

Result<std::unique_ptr<FileStateStore>> FileStateStore::open(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return std::unexpected(os_error(folder, error.value()));
  UniqueFd handle = TRY(open_folder(folder));
  UniqueFd lock = TRY(open_at(handle.get(), lock_name, O_RDWR | O_CREAT, 0600, folder));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return fail(ErrorKind::conflict,
                fmt::format("{} is in use by another primocane agent: only one may run", folder));
  }
  remove_unfinished(folder);
  return std::unique_ptr<FileStateStore>(
      new FileStateStore(folder, std::move(handle), std::move(lock)));
}

Result<std::optional<std::string>> FileStateStore::load(std::string_view name) {
  TRY(require_plain_name(name));
  const std::string what = fmt::format("{}/{}", path_, name);
  const UniqueFd file(
      ::openat(folder_.get(), std::string(name).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.get() < 0 && errno == ENOENT) return std::optional<std::string>();
  if (file.get() < 0) return std::unexpected(os_error(what, errno));
  return TRY(read_to_end(file.get(), what, state_size_max));
}

Result<void> FileStateStore::save(std::string_view name, std::string_view bytes) {
  TRY(require_plain_name(name));
  return replace_file(fmt::format("{}/{}", path_, name), bytes, Durability::synced, 0600);
}

}  // namespace primocane
