// SPDX-License-Identifier: Apache-2.0
#include "render/plain_folder.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

bool is_yaml(std::string_view name) { return name.ends_with(".yaml") || name.ends_with(".yml"); }

// scanManifests.
class FolderWalk {
 public:
  FolderWalk(const SourceTree& tree, const RenderLimits& limits) : tree_(tree), limits_(limits) {}

  /// `name` is what the kustomization calls `folder`.
  Result<void> walk(const RelativePath& folder, const std::string& name, std::uint32_t depth) {
    if (depth > limits_.depth_max) {
      return fail(ErrorKind::invalid, fmt::format("{}: more than {} folders within each other",
                                                  folder.str(), limits_.depth_max));
    }
    // Links may lead to the same folders over and over.
    if (++folders_ > limits_.files_max) {
      return fail(ErrorKind::invalid,
                  fmt::format("{}: more than {} folders", folder.str(), limits_.files_max));
    }
    for (const TreeEntry& entry : TRY(tree_.list(folder))) {
      const RelativePath path = TRY(folder.join(entry.name));
      std::string entry_name = fmt::format("{}/{}", name, entry.name);
      if (entry.kind == EntryKind::folder && !TRY(find_kustomization_file(tree_, path))) {
        TRY(walk(path, entry_name, depth + 1));
      } else if (entry.kind == EntryKind::folder || is_yaml(entry.name)) {
        // The tree says best why a link or a submodule is no file.
        if (entry.kind != EntryKind::folder && entry.kind != EntryKind::file) {
          TRY(tree_.read(path, limits_.document.bytes));
        }
        listed_.push_back({.text = std::move(entry_name), .line = 0});
      }
    }
    return {};
  }

  std::vector<ListedPath> take_listed() { return std::move(listed_); }

 private:
  const SourceTree& tree_;
  const RenderLimits& limits_;
  std::vector<ListedPath> listed_;
  std::uint64_t folders_ = 0;
};

}  // namespace

Result<KustomizationFile> generate_kustomization(const SourceTree& tree, const RelativePath& folder,
                                                 const RenderLimits& limits) {
  FolderWalk walk(tree, limits);
  TRY(walk.walk(folder, ".", 0));
  KustomizationFile file;
  file.path = TRY(folder.join("kustomization.yaml")).str();
  file.resources = walk.take_listed();
  file.has_resources = !file.resources.empty();
  if (!file.has_resources) file.namespace_name = "_placeholder";
  return file;
}

}  // namespace primocane
