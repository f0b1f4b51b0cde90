// SPDX-License-Identifier: Apache-2.0
// Finds the Git work tree around a folder, so that a folder of a checkout can refer to others.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"

#include <optional>
#include <string>

namespace primocane {

/// A folder as a tree to read, and the path in it.
struct WorkTreeFolder {
  std::string root;   ///< absolute, without symlinks
  RelativePath path;  ///< of the folder in it
};

/// The same folder seen from the one around the root; nothing if there is none.
[[nodiscard]] std::optional<WorkTreeFolder> widened(const WorkTreeFolder& folder);

/// Where `folder` lies: in the nearest folder around it (or itself) that holds ".git", else it is
/// a tree of its own. `unavailable` when it does not exist, `invalid` when it is no folder.
[[nodiscard]] Result<WorkTreeFolder> find_work_tree(const std::string& folder);

}  // namespace primocane
