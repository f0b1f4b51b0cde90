// SPDX-License-Identifier: Apache-2.0
#include "source/filtered_tree.hpp"

namespace primocane {

Result<EntryKind> FilteredTree::kind(const RelativePath& path) const {
  const EntryKind kind = TRY(tree_->kind(path));
  if (path.is_root() || kind == EntryKind::absent) return kind;
  return TRY(is_there(path, kind)) ? kind : EntryKind::absent;
}

Result<std::string> FilteredTree::link_target(const RelativePath& path) const {
  return tree_->link_target(path);
}

Result<std::vector<TreeEntry>> FilteredTree::list(const RelativePath& path) const {
  std::vector<TreeEntry> entries = TRY(tree_->list(path));
  std::vector<TreeEntry> kept;
  for (TreeEntry& entry : entries) {
    const RelativePath inner = TRY(path.join(entry.name));
    if (TRY(is_there(inner, entry.kind))) kept.push_back(std::move(entry));
  }
  return kept;
}

Result<std::string> FilteredTree::read(const RelativePath& path, ByteCount limit) const {
  return tree_->read(path, limit);
}

}  // namespace primocane
