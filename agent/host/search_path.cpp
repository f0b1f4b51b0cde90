// SPDX-License-Identifier: Apache-2.0
#include "host/search_path.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sys/stat.h>
#include <unistd.h>

namespace primocane {

namespace {

bool is_executable_file(const std::string& file) {
  struct stat status{};
  return stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         access(file.c_str(), X_OK) == 0;
}

}  // namespace

Result<std::string> search_path(std::string_view program, std::string_view path) {
  if (program.find('/') != std::string_view::npos) return std::string(program);
  for (std::size_t begin = 0; !program.empty() && begin < path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    const std::string_view folder = path.substr(begin, end - begin);
    begin = end + 1;
    if (!folder.starts_with('/')) continue;
    std::string file = fmt::format("{}/{}", folder, program);
    if (is_executable_file(file)) return file;
  }
  return fail(ErrorKind::invalid,
              fmt::format("there is no program \"{}\" in PATH ({}): install it", program, path));
}

}  // namespace primocane
