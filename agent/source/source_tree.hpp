// SPDX-License-Identifier: Apache-2.0
// SourceTree: a read-only view of one tree of files: a commit in the mirror, a folder, or a test's
// memory. What rendering reads from.
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace primocane {

enum class EntryKind : std::uint8_t { absent, file, folder, symlink, submodule };

struct TreeEntry {
  std::string name;
  EntryKind kind = EntryKind::absent;

  auto operator<=>(const TreeEntry&) const = default;
};

/// Files and folders by path. Symlinks are followed by read() and list() inside the tree, at most
/// 40 deep; one that leaves the tree is `invalid`.
class SourceTree {
 public:
  virtual ~SourceTree() = default;

  /// What `path` is, after following symlinks in its folders and itself.
  [[nodiscard]] virtual Result<EntryKind> kind(const RelativePath& path) const = 0;
  /// The entries of a folder, sorted by the bytes of their names; `invalid` if it is none.
  /// Symlinks are listed as what they lead to, or as symlinks where that is nothing, or not in the
  /// tree.
  [[nodiscard]] virtual Result<std::vector<TreeEntry>> list(const RelativePath& path) const = 0;
  /// The content of a file. `invalid` if there is none, if it is larger than `limit`, a submodule
  /// (says so), or a Git LFS pointer (says so).
  [[nodiscard]] virtual Result<std::string> read(const RelativePath& path,
                                                 ByteCount limit) const = 0;
};

}  // namespace primocane
