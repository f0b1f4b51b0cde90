// SPDX-License-Identifier: Apache-2.0
// Whatever a stored bundle has become, its tree is whole and its content what was written, or it is
// said to be damaged. The first byte says whether the rest is a bundle or a list of names of which
// one is made.
#include "source/bundle_tree.hpp"

#include "base/take_until.hpp"
#include "fuzz/require.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace primocane;

namespace {

constexpr ByteCount read_max{4096};

UniqueFd file_of(std::string_view bytes) {
  UniqueFd file(::memfd_create("bundle", MFD_CLOEXEC));
  while (!bytes.empty()) {
    const ssize_t count = ::write(file.get(), bytes.data(), bytes.size());
    require(count > 0);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return file;
}

void visit(const SourceTree& tree, const RelativePath& folder, int& budget) {
  const auto entries = tree.list(folder);
  require(entries || entries.error().kind != ErrorKind::denied);
  if (!entries) return;
  for (const TreeEntry& entry : *entries) {
    if (--budget < 0) return;
    require(!entry.name.empty() && entry.name.find('/') == std::string::npos);
    const auto path = folder.join(entry.name);
    require(path.has_value());
    const auto kind = tree.kind(*path);
    require(kind || kind.error().kind == ErrorKind::invalid ||
            kind.error().kind == ErrorKind::unavailable);
    const auto content = tree.read(*path, read_max);
    require(!content || ByteCount(content->size()) <= read_max);
    if (kind && *kind == EntryKind::folder && path->str().size() < 200) visit(tree, *path, budget);
  }
}

// A flat tree whose names are lines and whose contents are their names.
class LineTree final : public StoredTree {
 public:
  explicit LineTree(std::string_view text) {
    while (!text.empty()) {
      const std::string name(take_until(text, '\n'));
      const auto path = RelativePath::parse(name);
      const bool is_name =
          path && path->str() == name && !path->is_root() && name.find('/') == std::string::npos;
      const TreeEntry entry{name, name.size() % 2 == 0 ? EntryKind::file : EntryKind::submodule};
      if (is_name && std::ranges::find(entries_, entry) == entries_.end())
        entries_.push_back(entry);
    }
  }
  Result<EntryKind> kind(const RelativePath& /*path*/) const override { return EntryKind::file; }
  Result<std::string> link_target(const RelativePath& /*path*/) const override { return ""; }
  Result<std::vector<TreeEntry>> list(const RelativePath& /*path*/) const override {
    return entries_;
  }
  Result<std::string> read(const RelativePath& path, ByteCount /*limit*/) const override {
    return path.str();
  }
  const std::vector<TreeEntry>& entries() const { return entries_; }

 private:
  std::vector<TreeEntry> entries_;
};

void write_and_read(std::string_view text) {
  const LineTree tree(text);
  std::string bundle;
  const auto take = [&bundle](std::string_view piece) -> Result<void> {
    bundle += piece;
    return {};
  };
  require(write_bundle(tree, read_max, take).has_value());
  const auto opened = open_bundle_tree(file_of(bundle), [] { std::abort(); });
  require(opened.has_value());
  require((*opened)->list(RelativePath())->size() == tree.entries().size());
  for (const TreeEntry& entry : tree.entries()) {
    if (entry.kind != EntryKind::file) continue;
    const auto path = RelativePath::parse(entry.name);
    const auto content = (*opened)->read(*path, ByteCount(1U << 20));
    require(!content || *content == entry.name);
  }
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.empty()) return 0;
  if (text.front() == 'w') {
    write_and_read(text.substr(1));
    return 0;
  }
  int damages = 0;
  const auto tree = open_bundle_tree(file_of(text.substr(1)), [&damages] { ++damages; });
  if (!tree) {
    require(tree.error().kind == ErrorKind::unavailable);
    return 0;
  }
  int budget = 500;
  visit(**tree, RelativePath(), budget);
  return 0;
}
