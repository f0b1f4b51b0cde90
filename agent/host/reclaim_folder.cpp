// SPDX-License-Identifier: Apache-2.0
#include "host/reclaim_folder.hpp"

#include "base/unique_fd.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace primocane {

namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

// By descriptor, so that what is looked at is what is changed.
void reclaim_file(int folder, const char* name) {
  const UniqueFd file(openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status{};
  if (!file.is_open() || fstat(file.get(), &status) != 0) return;
  if (!S_ISREG(status.st_mode) || status.st_nlink != 1) return;
  if (fchown(file.get(), geteuid(), getegid()) != 0) return;
  fchmod(file.get(), S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
}

}  // namespace

void reclaim_folder(const std::string& folder) {
  const std::unique_ptr<DIR, CloseFolder> entries(opendir(folder.c_str()));
  if (entries == nullptr) return;
  const int descriptor = dirfd(entries.get());
  if (fchown(descriptor, geteuid(), getegid()) != 0) return;
  while (const dirent* entry = readdir(entries.get())) reclaim_file(descriptor, entry->d_name);
}

}  // namespace primocane
