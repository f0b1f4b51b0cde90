// SPDX-License-Identifier: Apache-2.0
#include "source/mounted_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

namespace {

class EmptyTree final : public StoredTree {
 public:
  Result<EntryKind> kind(const RelativePath& path) const override {
    return path.is_root() ? EntryKind::folder : EntryKind::absent;
  }
  Result<std::string> link_target(const RelativePath& path) const override {
    return nothing_at(path);
  }
  Result<std::vector<TreeEntry>> list(const RelativePath& /*path*/) const override {
    return std::vector<TreeEntry>();
  }
  Result<std::string> read(const RelativePath& path, ByteCount /*limit*/) const override {
    return nothing_at(path);
  }

 private:
  static std::unexpected<Error> nothing_at(const RelativePath& path) {
    return fail(ErrorKind::invalid, fmt::format("{}: no such file or folder", path.str()));
  }
};

// What of `path` lies below `folder`; nothing if it is elsewhere.
std::optional<std::string_view> rest_below(const RelativePath& path, const RelativePath& folder) {
  const std::string_view text = path.str();
  if (!text.starts_with(folder.str())) return std::nullopt;
  const std::string_view rest = text.substr(folder.str().size());
  if (rest.empty() || folder.is_root()) return rest;
  if (rest.front() != '/') return std::nullopt;
  return rest.substr(1);
}

// What stands at `at` in the base is hidden.
class MountedTree final : public StoredTree {
 public:
  MountedTree(std::unique_ptr<StoredTree> base, TreeInclusion mounted)
      : base_(std::move(base)), mounted_(std::move(mounted)) {}

  Result<EntryKind> kind(const RelativePath& path) const override {
    if (const auto inner = TRY(inside(path))) return mounted_.tree->kind(*inner);
    if (leads_there(path)) return EntryKind::folder;
    return base_->kind(path);
  }

  Result<std::string> link_target(const RelativePath& path) const override {
    if (const auto inner = TRY(inside(path))) return mounted_.tree->link_target(*inner);
    return base_->link_target(path);
  }

  Result<std::vector<TreeEntry>> list(const RelativePath& path) const override {
    if (const auto inner = TRY(inside(path))) return mounted_.tree->list(*inner);
    if (!leads_there(path)) return base_->list(path);
    std::vector<TreeEntry> entries;
    if (TRY(base_->kind(path)) == EntryKind::folder) entries = TRY(base_->list(path));
    const std::string_view below = *rest_below(mounted_.at, path);
    const std::string_view name = below.substr(0, below.find('/'));
    const RelativePath there = TRY(path.join(name));
    std::erase_if(entries, [&](const TreeEntry& entry) { return entry.name == name; });
    const EntryKind what = TRY(kind(there));
    entries.push_back({std::string(name), what});
    return entries;
  }

  Result<std::string> read(const RelativePath& path, ByteCount limit) const override {
    if (const auto inner = TRY(inside(path))) return mounted_.tree->read(*inner, limit);
    return base_->read(path, limit);
  }

 private:
  // Where in the mounted tree `path` is, if it is.
  Result<std::optional<RelativePath>> inside(const RelativePath& path) const {
    const std::optional<std::string_view> rest = rest_below(path, mounted_.at);
    if (!rest) return std::nullopt;
    return TRY(mounted_.from.join(*rest));
  }

  bool leads_there(const RelativePath& path) const {
    return rest_below(mounted_.at, path).has_value();
  }

  std::unique_ptr<StoredTree> base_;
  TreeInclusion mounted_;
};

std::string_view word_of(EntryKind kind) {
  switch (kind) {
    case EntryKind::file:
      return "a file";
    case EntryKind::folder:
      return "a folder";
    case EntryKind::symlink:
      return "a symlink";
    case EntryKind::submodule:
      return "a submodule";
    case EntryKind::absent:
      break;
  }
  return "nothing";
}

// Folders lead to `at`, or nothing that would be in the way.
Result<void> check_way(const StoredTree& base, const RelativePath& at) {
  const std::optional<TreeObstacle> obstacle = TRY(obstacle_before(base, at));
  if (!obstacle || obstacle->kind == EntryKind::absent) return {};
  return fail(ErrorKind::invalid, fmt::format("{} is {}: expected a folder, or nothing yet",
                                              obstacle->path.str(), word_of(obstacle->kind)));
}

Result<void> check_inclusion(const StoredTree& base, const TreeInclusion& inclusion) {
  const EntryKind what = TRY(inclusion.tree->kind(inclusion.from));
  if (what != EntryKind::file && what != EntryKind::folder) {
    return fail(ErrorKind::invalid,
                fmt::format("there is {} at \"{}\" in it", word_of(what), inclusion.from.str()));
  }
  TRY(check_way(base, inclusion.at));
  const EntryKind there = TRY(base.kind(inclusion.at));
  const bool fits =
      there == EntryKind::absent || (there == EntryKind::file && what == EntryKind::file);
  if (fits) return {};
  return fail(ErrorKind::invalid,
              fmt::format("there is {} at \"{}\" already", word_of(there), inclusion.at.str()));
}

}  // namespace

Result<std::unique_ptr<StoredTree>> include_tree(std::unique_ptr<StoredTree> base,
                                                 TreeInclusion inclusion) {
  TRY(check_inclusion(*base, inclusion));
  return std::make_unique<MountedTree>(std::move(base), std::move(inclusion));
}

Result<std::unique_ptr<StoredTree>> fill_submodule(std::unique_ptr<StoredTree> base,
                                                   const RelativePath& at,
                                                   std::unique_ptr<StoredTree> content) {
  TRY(check_way(*base, at));
  const EntryKind there = TRY(base->kind(at));
  if (there != EntryKind::submodule) {
    return fail(ErrorKind::invalid,
                fmt::format("{} is {}: expected a submodule", at.str(), word_of(there)));
  }
  TreeInclusion inclusion{.tree = std::move(content), .from = {}, .at = at};
  return std::make_unique<MountedTree>(std::move(base), std::move(inclusion));
}

Result<std::unique_ptr<StoredTree>> part_of_tree(std::unique_ptr<StoredTree> tree,
                                                 const RelativePath& path) {
  if (path.is_root()) return tree;
  TreeInclusion inclusion{.tree = std::move(tree), .from = path, .at = path};
  return include_tree(std::make_unique<EmptyTree>(), std::move(inclusion));
}

}  // namespace primocane
