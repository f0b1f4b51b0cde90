// SPDX-License-Identifier: Apache-2.0
// A MemoryTree as it is stored: no symlink is followed.
#pragma once

#include "source/linked_tree.hpp"
#include "support/memory_tree.hpp"

#include <memory>

namespace primocane {

/// The tree with exactly that content. Paths must be normalised.
[[nodiscard]] std::unique_ptr<StoredTree> make_stored_tree(TreeContent content);

}  // namespace primocane
