// SPDX-License-Identifier: Apache-2.0
// CommitTree: one commit of a bare mirror as a SourceTree, read by libgit2 from its object
// database without a checkout.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "source/linked_tree.hpp"
#include "source/source_tree.hpp"

#include <memory>
#include <string>

namespace primocane {

/// Opens `commit` of the bare repository at `mirror_path`. `invalid` if it is not there or broken.
[[nodiscard]] Result<std::unique_ptr<SourceTree>> open_commit_tree(const std::string& mirror_path,
                                                                   const CommitId& commit);

/// The same as it is stored: no symlink is followed.
[[nodiscard]] Result<std::unique_ptr<StoredTree>> open_stored_commit(const std::string& mirror_path,
                                                                     const CommitId& commit);

}  // namespace primocane
