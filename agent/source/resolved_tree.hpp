// SPDX-License-Identifier: Apache-2.0
// A tree with the content of symlinks in their place, so that a part of it can be put elsewhere.
#pragma once

#include "source/linked_tree.hpp"
#include "source/source_tree.hpp"

#include <memory>

namespace primocane {

/// As Flux archives a source: symlinks that lead nowhere, or out of the tree, are not there
/// (source-controller, gitrepository_controller.go, resolveSymlinks). A file that can't be read is
/// `invalid` when it is read. A link that leads to a folder around it makes folders without end.
[[nodiscard]] std::unique_ptr<StoredTree> resolve_links(std::unique_ptr<SourceTree> tree);

}  // namespace primocane
