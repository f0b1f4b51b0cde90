// SPDX-License-Identifier: Apache-2.0
// FolderTree: a folder of the file system as a SourceTree, for `build` and `plan` of a checkout.
#pragma once

#include "base/error.hpp"
#include "source/linked_tree.hpp"
#include "source/source_tree.hpp"

#include <memory>
#include <string>

namespace primocane {

/// Opens the folder `path`; nothing outside it is read, not even through symlinks. `invalid` if
/// there is no such folder.
[[nodiscard]] Result<std::unique_ptr<SourceTree>> open_folder_tree(const std::string& path);
/// The same as it is stored.
[[nodiscard]] Result<std::unique_ptr<StoredTree>> open_stored_folder(const std::string& path);

}  // namespace primocane
