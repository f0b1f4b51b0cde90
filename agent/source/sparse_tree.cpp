// SPDX-License-Identifier: Apache-2.0
#include "source/sparse_tree.hpp"

#include "source/filtered_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

class SparseTree final : public FilteredTree {
 public:
  SparseTree(std::unique_ptr<StoredTree> tree, std::vector<std::string> prefixes)
      : FilteredTree(std::move(tree)), prefixes_(std::move(prefixes)) {}

 private:
  // A folder is there for what is in it.
  Result<bool> is_there(const RelativePath& path, EntryKind kind) const override {
    const bool is_folder = kind == EntryKind::folder;
    const std::string text = is_folder ? path.str() + '/' : path.str();
    return std::ranges::any_of(prefixes_, [&](const std::string& prefix) {
      return text.starts_with(prefix) || (is_folder && prefix.starts_with(text));
    });
  }

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
