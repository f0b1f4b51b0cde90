// SPDX-License-Identifier: Apache-2.0
#include "support/memory_tree.hpp"

#include "source/linked_tree.hpp"
#include "support/stored_memory_tree.hpp"

#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

namespace {

class MemoryTree final : public StoredTree {
 public:
  explicit MemoryTree(TreeContent content) : content_(std::move(content)) {}

  Result<EntryKind> kind(const RelativePath& path) const override {
    if (path.is_root()) return EntryKind::folder;
    if (content_.files.contains(path.str())) return EntryKind::file;
    if (content_.links.contains(path.str())) return EntryKind::symlink;
    if (content_.submodules.contains(path.str())) return EntryKind::submodule;
    return names_in(path).empty() ? EntryKind::absent : EntryKind::folder;
  }

  Result<std::string> link_target(const RelativePath& path) const override {
    const auto submodule = content_.submodules.find(path.str());
    return submodule != content_.submodules.end() ? submodule->second
                                                  : content_.links.at(path.str());
  }

  Result<std::vector<TreeEntry>> list(const RelativePath& path) const override {
    std::vector<TreeEntry> entries;
    for (const std::string& name : names_in(path)) {
      const RelativePath inside = TRY(path.join(name));
      const EntryKind entry_kind = TRY(kind(inside));
      entries.push_back({name, entry_kind});
    }
    return entries;
  }

  Result<std::string> read(const RelativePath& path, ByteCount limit) const override {
    const std::string& text = content_.files.at(path.str());
    if (ByteCount(text.size()) > limit) return too_large(path, ByteCount(text.size()), limit);
    return text;
  }

 private:
  std::set<std::string> names_in(const RelativePath& folder) const {
    const std::string prefix = folder.is_root() ? "" : folder.str() + "/";
    std::set<std::string> names;
    for (const auto* entries : {&content_.files, &content_.links, &content_.submodules}) {
      for (auto it = entries->lower_bound(prefix);
           it != entries->end() && it->first.starts_with(prefix); ++it) {
        const std::string_view rest = std::string_view(it->first).substr(prefix.size());
        names.emplace(rest.substr(0, rest.find('/')));
      }
    }
    return names;
  }

  TreeContent content_;
};

}  // namespace

std::unique_ptr<SourceTree> make_memory_tree(TreeContent content) {
  return follow_links(make_stored_tree(std::move(content)));
}

std::unique_ptr<StoredTree> make_stored_tree(TreeContent content) {
  return std::make_unique<MemoryTree>(std::move(content));
}

}  // namespace primocane
