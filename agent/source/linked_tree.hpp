// SPDX-License-Identifier: Apache-2.0
// Follows the symlinks of a stored tree inside it, the same way for commits, folders and memory.
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "source/source_tree.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// A tree as it is stored: no symlink is followed. Every path it is given has only folders before
/// its last component.
class StoredTree {
 public:
  virtual ~StoredTree() = default;

  /// What lies at `path` itself.
  [[nodiscard]] virtual Result<EntryKind> kind(const RelativePath& path) const = 0;
  /// Where the symlink `path` points, as it is written in it; of a submodule, the commit that it
  /// names, or "" where that is not known.
  [[nodiscard]] virtual Result<std::string> link_target(const RelativePath& path) const = 0;
  /// The entries of the folder `path`, in any order.
  [[nodiscard]] virtual Result<std::vector<TreeEntry>> list(const RelativePath& path) const = 0;
  /// The content of the file `path`; `invalid` if it is no plain file or larger than `limit`.
  [[nodiscard]] virtual Result<std::string> read(const RelativePath& path,
                                                 ByteCount limit) const = 0;
};

/// What stands in the way to something.
struct TreeObstacle {
  RelativePath path;
  EntryKind kind = EntryKind::absent;
};

/// The first of the folders before the last component of `path` that is none in `tree`; nothing if
/// all are, so that `tree` may be asked about `path`.
[[nodiscard]] Result<std::optional<TreeObstacle>> obstacle_before(const StoredTree& tree,
                                                                  const RelativePath& path);

/// `stored` as a SourceTree that keeps the contract of symlinks, submodules and LFS pointers.
[[nodiscard]] std::unique_ptr<SourceTree> follow_links(std::unique_ptr<StoredTree> stored);

/// The error of a file that is larger than what may be read.
[[nodiscard]] std::unexpected<Error> too_large(const RelativePath& path, ByteCount size,
                                               ByteCount limit);

}  // namespace primocane
