// SPDX-License-Identifier: Apache-2.0
#include "source/sparse_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

class SparseTree final : public StoredTree {
 public:
  SparseTree(std::unique_ptr<StoredTree> tree, std::vector<std::string> prefixes)
      : tree_(std::move(tree)), prefixes_(std::move(prefixes)) {}

  Result<EntryKind> kind(const RelativePath& path) const override {
    const EntryKind kind = TRY(tree_->kind(path));
    return path.is_root() || is_there(path, kind) ? kind : EntryKind::absent;
  }

  Result<std::string> link_target(const RelativePath& path) const override {
    return tree_->link_target(path);
  }

  Result<std::vector<TreeEntry>> list(const RelativePath& path) const override {
    std::vector<TreeEntry> entries = TRY(tree_->list(path));
    std::vector<TreeEntry> kept;
    for (TreeEntry& entry : entries) {
      const RelativePath inner = TRY(path.join(entry.name));
      if (is_there(inner, entry.kind)) kept.push_back(std::move(entry));
    }
    return kept;
  }

  Result<std::string> read(const RelativePath& path, ByteCount limit) const override {
    return tree_->read(path, limit);
  }

 private:
  // A folder is there for what is in it.
  bool is_there(const RelativePath& path, EntryKind kind) const {
    const bool is_folder = kind == EntryKind::folder;
    const std::string text = is_folder ? path.str() + '/' : path.str();
    return std::ranges::any_of(prefixes_, [&](const std::string& prefix) {
      return text.starts_with(prefix) || (is_folder && prefix.starts_with(text));
    });
  }

  std::unique_ptr<StoredTree> tree_;
  std::vector<std::string> prefixes_;
};

std::string_view without_here(std::string_view path) {
  if (path.starts_with("./")) path.remove_prefix(2);
  return path;
}

// What Flux looks for is below the root, whatever the path begins with (securejoin).
Result<void> check_sparse_path(const StoredTree& tree, std::string_view prefix) {
  const std::size_t begin = std::min(prefix.find_first_not_of('/'), prefix.size());
  const Result<RelativePath> path = RelativePath::parse(prefix.substr(begin));
  const EntryKind kind = path ? TRY(tree.kind(*path)) : EntryKind::absent;
  if (kind != EntryKind::absent) return {};
  return fail(ErrorKind::invalid,
              fmt::format("spec.sparseCheckout: \"{}\" is not in the repository", prefix));
}

}  // namespace

Result<std::unique_ptr<StoredTree>> sparse_tree(std::unique_ptr<StoredTree> tree,
                                                const std::vector<std::string>& prefixes) {
  std::vector<std::string> wanted;
  for (const std::string& prefix : prefixes) {
    TRY(check_sparse_path(*tree, prefix));
    wanted.emplace_back(without_here(prefix));
  }
  return std::make_unique<SparseTree>(std::move(tree), std::move(wanted));
}

}  // namespace primocane
