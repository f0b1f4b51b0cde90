// SPDX-License-Identifier: Apache-2.0
#include "source/linked_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

constexpr int links_max = 40;

// What begins a Git LFS pointer, and how large one may be (github.com/git-lfs/git-lfs,
// docs/spec.md).
constexpr std::string_view lfs_mark = "version https://git-lfs.github.com/spec/";
constexpr std::size_t lfs_pointer_max = 1024;

// Appends the components of `path`, last one first, so that the next to visit is at the end.
void push_components(std::vector<std::string>& pending, std::string_view path) {
  std::size_t end = path.size();
  while (true) {
    const std::size_t slash = end == 0 ? std::string_view::npos : path.rfind('/', end - 1);
    const std::size_t begin = slash == std::string_view::npos ? 0 : slash + 1;
    const std::string_view component = path.substr(begin, end - begin);
    if (!component.empty() && component != ".") pending.emplace_back(component);
    if (slash == std::string_view::npos) return;
    end = slash;
  }
}

class LinkedTree final : public SourceTree {
 public:
  explicit LinkedTree(std::unique_ptr<StoredTree> stored) : stored_(std::move(stored)) {}

  Result<EntryKind> kind(const RelativePath& path) const override { return TRY(find(path)).kind; }

  Result<std::vector<TreeEntry>> list(const RelativePath& path) const override {
    const Place place = TRY(find(path));
    if (place.kind != EntryKind::folder) return refuse(path, place, "folder");
    std::vector<TreeEntry> entries = TRY(stored_->list(place.path));
    for (TreeEntry& entry : entries) {
      if (entry.kind != EntryKind::symlink) continue;
      const Result<Place> target = find(TRY(place.path.join(entry.name)));
      if (target && target->kind != EntryKind::absent) entry.kind = target->kind;
    }
    std::ranges::sort(entries);
    return entries;
  }

  Result<std::string> read(const RelativePath& path, ByteCount limit) const override {
    const Place place = TRY(find(path));
    if (place.kind != EntryKind::file) return refuse(path, place, "file");
    std::string content = TRY(stored_->read(place.path, limit));
    if (content.size() <= lfs_pointer_max && content.starts_with(lfs_mark)) {
      return fail(ErrorKind::invalid,
                  fmt::format("{} is a pointer of Git LFS, whose content is not in the "
                              "repository: commit the file itself",
                              path.str()));
    }
    return content;
  }

 private:
  // Where a path leads: for a submodule or a missing part, the point at which it ended.
  struct Place {
    RelativePath path;
    EntryKind kind = EntryKind::folder;
  };

  Result<Place> find(const RelativePath& path) const {
    std::vector<std::string> pending;
    push_components(pending, path.str());
    Place place;
    int links = 0;
    while (!pending.empty()) {
      const std::string component = std::move(pending.back());
      pending.pop_back();
      if (component == "..") {
        if (place.path.is_root()) return leaves(path);
        place.path = place.path.parent();
        continue;
      }
      const RelativePath next = TRY(place.path.join(component));
      const EntryKind kind = TRY(stored_->kind(next));
      switch (kind) {
        case EntryKind::folder:
          place.path = next;
          break;
        case EntryKind::symlink: {
          if (++links > links_max) {
            return fail(ErrorKind::invalid,
                        fmt::format("{}: more than {} symlinks lead to it", path.str(), links_max));
          }
          const std::string target = TRY(stored_->link_target(next));
          if (target.starts_with('/')) return leaves(path);
          push_components(pending, target);
          break;
        }
        case EntryKind::file:
        case EntryKind::absent:
        case EntryKind::submodule:
          if (kind == EntryKind::file && !pending.empty()) return Place{next, EntryKind::absent};
          return Place{next, kind};
      }
    }
    return place;
  }

  static std::unexpected<Error> leaves(const RelativePath& path) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: a symlink leads out of the repository", path.str()));
  }

  static std::unexpected<Error> refuse(const RelativePath& path, const Place& place,
                                       std::string_view expected) {
    const std::string name = path.is_root() ? "the repository's root" : path.str();
    if (place.kind == EntryKind::absent) {
      return fail(ErrorKind::invalid, fmt::format("{}: no such file or folder", name));
    }
    if (place.kind == EntryKind::submodule) {
      return fail(ErrorKind::invalid,
                  fmt::format("{}: {} is a submodule, and those are not fetched: copy what is "
                              "needed into the repository",
                              name, place.path.str()));
    }
    return fail(ErrorKind::invalid, fmt::format("{}: expected a {}", name, expected));
  }

  std::unique_ptr<StoredTree> stored_;
};

}  // namespace

Result<std::optional<TreeObstacle>> obstacle_before(const StoredTree& tree,
                                                    const RelativePath& path) {
  const std::string& text = path.str();
  for (std::size_t slash = text.find('/'); slash != std::string::npos;
       slash = text.find('/', slash + 1)) {
    RelativePath folder = TRY(RelativePath::parse(text.substr(0, slash)));
    const EntryKind kind = TRY(tree.kind(folder));
    if (kind != EntryKind::folder) return TreeObstacle{.path = std::move(folder), .kind = kind};
  }
  return std::nullopt;
}

std::unique_ptr<SourceTree> follow_links(std::unique_ptr<StoredTree> stored) {
  return std::make_unique<LinkedTree>(std::move(stored));
}

std::unexpected<Error> too_large(const RelativePath& path, ByteCount size, ByteCount limit) {
  return fail(ErrorKind::invalid, fmt::format("{} has {}: at most {} are read", path.str(),
                                              to_string(size), to_string(limit)));
}

}  // namespace primocane
