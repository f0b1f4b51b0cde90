// SPDX-License-Identifier: Apache-2.0
// FilteredTree: a tree of which a part is left out. What is left out is absent, and is not listed.
#pragma once

#include "source/linked_tree.hpp"

#include <memory>
#include <utility>

namespace primocane {

class FilteredTree : public StoredTree {
 public:
  [[nodiscard]] Result<EntryKind> kind(const RelativePath& path) const final;
  [[nodiscard]] Result<std::string> link_target(const RelativePath& path) const final;
  [[nodiscard]] Result<std::vector<TreeEntry>> list(const RelativePath& path) const final;
  [[nodiscard]] Result<std::string> read(const RelativePath& path, ByteCount limit) const final;

 protected:
  explicit FilteredTree(std::unique_ptr<StoredTree> tree) : tree_(std::move(tree)) {}

  /// All of it.
  [[nodiscard]] const StoredTree& whole() const { return *tree_; }

 private:
  /// Whether `path`, which is `kind` in the whole tree and not its root, is kept.
  [[nodiscard]] virtual Result<bool> is_there(const RelativePath& path, EntryKind kind) const = 0;

  std::unique_ptr<StoredTree> tree_;
};

}  // namespace primocane
