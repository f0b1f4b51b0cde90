// SPDX-License-Identifier: Apache-2.0
#include "base/work_folder.hpp"

#include "base/os_error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <system_error>

namespace primocane {

namespace {

UniqueFd locked_folder(const std::string& folder, int how) {
  UniqueFd opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (::flock(opened.get(), how) != 0) opened.reset();
  return opened;
}

void remove_left_over(const std::string& parent) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(parent, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    const bool is_idle = locked_folder(entry->path().string(), LOCK_EX | LOCK_NB).is_open();
    if (is_idle) std::filesystem::remove_all(entry->path(), ignored);
  }
}

}  // namespace

Result<WorkFolder> WorkFolder::make(const std::string& parent) {
  std::error_code error;
  std::filesystem::create_directories(parent, error);
  const UniqueFd all = locked_folder(parent, LOCK_EX);
  remove_left_over(parent);
  std::string path = parent + "/XXXXXX";
  const bool is_made = ::mkdtemp(path.data()) != nullptr;
  UniqueFd lock = is_made ? locked_folder(path, LOCK_EX) : UniqueFd();
  if (lock.is_open()) return WorkFolder(std::move(path), std::move(lock));
  return fail(ErrorKind::unavailable,
              fmt::format("can't make folder {}: {}", path, describe_errno(errno)));
}

WorkFolder::~WorkFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace primocane
