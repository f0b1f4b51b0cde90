// SPDX-License-Identifier: Apache-2.0
// TreeShape: what a source takes of the commit or the artifact that it is at, before anything is
// built from it: as a value that a renderer is told, and done to a tree.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "source/ignoring_tree.hpp"
#include "source/linked_tree.hpp"

#include <memory>
#include <string>
#include <vector>

namespace primocane {

/// In the order in which Flux does it.
struct TreeShape {
  std::vector<std::string> sparse;  ///< spec.sparseCheckout
  std::string ignore;               ///< spec.ignore
  IgnoreDefaults defaults = IgnoreDefaults::yes;

  bool operator==(const TreeShape&) const = default;
};

/// `tree` in the shape `shape`. `invalid`, naming the field, for what does not fit the tree.
[[nodiscard]] Result<std::unique_ptr<StoredTree>> shape_tree(std::unique_ptr<StoredTree> tree,
                                                             const TreeShape& shape);

/// As JSON, and back.
[[nodiscard]] Value write_tree_shape(const TreeShape& shape);
[[nodiscard]] Result<TreeShape> read_tree_shape(const Value& value);

}  // namespace primocane
