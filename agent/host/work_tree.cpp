// SPDX-License-Identifier: Apache-2.0
#include "host/work_tree.hpp"

#include "base/os_error.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <utility>

namespace primocane {

std::optional<WorkTreeFolder> widened(const WorkTreeFolder& folder) {
  const std::filesystem::path root(folder.root);
  if (!root.has_relative_path()) return std::nullopt;
  auto path = RelativePath::parse((root.filename() / folder.path.str()).string());
  if (!path) return std::nullopt;
  return WorkTreeFolder{.root = root.parent_path().string(), .path = std::move(*path)};
}

Result<WorkTreeFolder> find_work_tree(const std::string& folder) {
  std::error_code error;
  const std::filesystem::path path = std::filesystem::canonical(folder, error);
  if (error) return std::unexpected(os_error(folder, error.value()));
  if (!std::filesystem::is_directory(path, error)) {
    return fail(ErrorKind::invalid, fmt::format("{}: is not a folder", folder));
  }
  for (std::filesystem::path root = path;; root = root.parent_path()) {
    // ".git" is a folder, or a file in worktrees and submodules.
    if (std::filesystem::exists(root / ".git", error)) {
      RelativePath below = TRY(RelativePath::parse(path.lexically_relative(root).string()));
      return WorkTreeFolder{.root = root.string(), .path = std::move(below)};
    }
    if (!root.has_relative_path()) return WorkTreeFolder{.root = path.string(), .path = {}};
  }
}

}  // namespace primocane
