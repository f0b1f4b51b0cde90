// SPDX-License-Identifier: Apache-2.0
#include "source/bundle_files.hpp"

#include "base/durable_file.hpp"
#include "base/os_error.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <system_error>

namespace primocane {

Result<UniqueFd> open_bundle(const std::string& path) {
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.is_open()) return file;
  return std::unexpected(os_error(path, errno));
}

void remove_bundles_but(const std::string& folder, const std::set<std::string>& kept) {
  remove_unfinished(folder);
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string path = entry->path().string();
    std::error_code ignored;
    if (path.ends_with(bundle_suffix) && !kept.contains(path)) {
      std::filesystem::remove(path, ignored);
    }
  }
}

}  // namespace primocane
