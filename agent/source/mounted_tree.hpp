// SPDX-License-Identifier: Apache-2.0
// A tree with others put into it: what spec.include of a GitRepository names, and its submodules.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "source/linked_tree.hpp"

#include <memory>

namespace primocane {

/// What of another tree is put where. `from` may be a file.
struct TreeInclusion {
  std::unique_ptr<StoredTree> tree;
  RelativePath from;
  RelativePath at;  ///< not the root
};

/// `base` with what `inclusion` says. Folders that lead there are made. As in Flux, which renames
/// (source-controller, storage CopyToPath; os.Rename), a file may take the place of another one,
/// and anything else that is there already is `invalid`; so is a `from` that is not in its tree.
/// Other than in Flux, which follows a symlink that `at` leads through, that is `invalid` too.
[[nodiscard]] Result<std::unique_ptr<StoredTree>> include_tree(std::unique_ptr<StoredTree> base,
                                                               TreeInclusion inclusion);

/// `base` with all of `content` in the place of its submodule `at`; `invalid` if that is none.
[[nodiscard]] Result<std::unique_ptr<StoredTree>> fill_submodule(
    std::unique_ptr<StoredTree> base, const RelativePath& at, std::unique_ptr<StoredTree> content);

/// `tree` with nothing but what lies at `path`, which stays where it is. `invalid` if nothing does.
[[nodiscard]] Result<std::unique_ptr<StoredTree>> part_of_tree(std::unique_ptr<StoredTree> tree,
                                                               const RelativePath& path);

}  // namespace primocane
