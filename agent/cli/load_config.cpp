// SPDX-License-Identifier: Apache-2.0
#include "cli/load_config.hpp"

#include "base/take_until.hpp"
#include "host/read_file.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

namespace primocane {

bool says_nothing(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = take_until(text, '\n');
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first != std::string_view::npos && line[first] != '#') return false;
  }
  return true;
}

Result<std::optional<ConfigFile>> load_config_if_there(const std::string& path,
                                                       const std::string& credentials) {
  constexpr ByteCount size_max(1024 * 1024);
  const Result<std::string> text = read_file(path, size_max);
  if (!text) {
    std::error_code ignored;
    const auto type = std::filesystem::status(path, ignored).type();
    if (type == std::filesystem::file_type::not_found) return std::nullopt;
    return std::unexpected(text.error());
  }
  if (says_nothing(*text)) return std::nullopt;
  std::error_code ignored;
  const std::filesystem::path absolute = std::filesystem::absolute(path, ignored);
  return TRY(read_config(*text, path,
                         {.folder = absolute.parent_path().string(), .credentials = credentials}));
}

Result<ConfigFile> load_config(const std::string& path) {
  std::optional<ConfigFile> file = TRY(load_config_if_there(path, {}));
  if (file) return std::move(*file);
  return fail(ErrorKind::invalid,
              fmt::format("{}; `primocane init` writes it by asking, or write at least:\n\n"
                          "git:\n  url: https://git.example.org/home/cluster.git\n  path: "
                          "clusters/home\n\nevery key is explained in docs/configuration.md",
                          absent_config(path)));
}

std::string absent_config(const std::string& path) {
  std::error_code ignored;
  const bool is_there = std::filesystem::exists(path, ignored);
  return fmt::format("{}: {}", path, is_there ? "says nothing" : "no such file");
}

}  // namespace primocane
