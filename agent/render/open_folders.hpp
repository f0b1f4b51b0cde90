// SPDX-License-Identifier: Apache-2.0
// OpenFolders: whose kustomizations are being built, so that none holds itself.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "render/path_within.hpp"
#include "source/source_tree.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

/// A folder of one of the trees that a build reads.
struct TreeFolder {
  const SourceTree* tree = nullptr;
  RelativePath path;
  std::string remote;  ///< as which it was named, if it is the first of its tree
};

/// "the root of the repository", "folder apps".
[[nodiscard]] inline std::string shown(const RelativePath& folder) {
  return folder.is_root() ? "the root of the repository" : "folder " + folder.str();
}

/// A stack of folders.
class OpenFolders {
 public:
  [[nodiscard]] std::size_t depth() const { return folders_.size(); }

  /// The open folder that is `folder` or lies below it, or that was named the same remotely, or as
  /// something in it; or null: building `folder` would lead back to it
  /// (api/internal/loader/fileloader.go, errIfArgEqualOrHigher, errIfRepoCycle).
  [[nodiscard]] const RelativePath* led_back_to(const TreeFolder& folder) const {
    for (const TreeFolder& open : folders_) {
      if (open.tree == folder.tree && is_within(open.path, folder.path)) return &open.path;
      if (!folder.remote.empty() && open.remote.starts_with(folder.remote)) return &open.path;
    }
    return nullptr;
  }

  /// Keeps a folder open while it lives.
  class Opened {
   public:
    Opened(OpenFolders& folders, TreeFolder folder) : folders_(folders) {
      folders_.folders_.push_back(std::move(folder));
    }
    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;
    ~Opened() { folders_.folders_.pop_back(); }

   private:
    OpenFolders& folders_;
  };

 private:
  std::vector<TreeFolder> folders_;
};

}  // namespace primocane
