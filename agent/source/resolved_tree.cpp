// SPDX-License-Identifier: Apache-2.0
#include "source/resolved_tree.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace primocane {

namespace {

class ResolvedTree final : public StoredTree {
 public:
  explicit ResolvedTree(std::unique_ptr<SourceTree> tree) : tree_(std::move(tree)) {}

  Result<EntryKind> kind(const RelativePath& path) const override {
    const Result<EntryKind> kind = tree_->kind(path);
    // A link that leads out of the tree.
    if (!kind && kind.error().kind == ErrorKind::invalid) return EntryKind::absent;
    if (kind && *kind == EntryKind::symlink) return EntryKind::absent;
    return kind;
  }

  Result<std::string> link_target(const RelativePath& path) const override {
    return fail(ErrorKind::invalid, fmt::format("{} is no symlink", path.str()));
  }

  Result<std::vector<TreeEntry>> list(const RelativePath& path) const override {
    std::vector<TreeEntry> entries = TRY(tree_->list(path));
    std::erase_if(entries, [](const TreeEntry& entry) {
      return entry.kind == EntryKind::symlink || entry.kind == EntryKind::submodule;
    });
    return entries;
  }

  Result<std::string> read(const RelativePath& path, ByteCount limit) const override {
    return tree_->read(path, limit);
  }

 private:
  std::unique_ptr<SourceTree> tree_;
};

}  // namespace

std::unique_ptr<StoredTree> resolve_links(std::unique_ptr<SourceTree> tree) {
  return std::make_unique<ResolvedTree>(std::move(tree));
}

}  // namespace primocane
