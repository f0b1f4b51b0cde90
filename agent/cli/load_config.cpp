// SPDX-License-Identifier: Apache-2.0
#include "cli/load_config.hpp"

#include "host/read_file.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

namespace primocane {

Result<ConfigFile> load_config(const std::string& path) {
  constexpr ByteCount size_max(1024 * 1024);
  const Result<std::string> text = read_file(path, size_max);
  if (!text && text.error().kind == ErrorKind::unavailable) {
    return fail(ErrorKind::invalid,
                fmt::format("{}; write the configuration there, at least:\n\n"
                            "git:\n  url: https://git.example.org/home/cluster.git\n  path: "
                            "clusters/home\n\nevery key is explained in docs/configuration.md",
                            text.error().message));
  }
  if (!text) return std::unexpected(text.error());
  std::error_code ignored;
  const std::filesystem::path absolute = std::filesystem::absolute(path, ignored);
  return read_config(*text, path, absolute.parent_path().string());
}

}  // namespace primocane
