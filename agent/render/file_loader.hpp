// SPDX-License-Identifier: Apache-2.0
// FileLoader: reads the files that one kustomization names, and keeps it from reading others
// (kustomize api/internal/loader).
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "document/limits.hpp"
#include "source/source_tree.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace primocane {

/// Which files a kustomization may name. Bases may lie anywhere in the tree in both.
enum class LoadRestrictor : std::uint8_t {
  root_only,  ///< those in its folder and below, as `kustomize build`
  none,       ///< all of the tree, as Flux
};

/// How many files one rendering has read and may read; each is counted each time.
struct FileCount {
  std::uint64_t read = 0;
  std::uint64_t max = 20'000;
};

/// Loads files of the tree by the paths that stand in the kustomization of one folder. Borrows the
/// tree and the count.
class FileLoader {
 public:
  FileLoader(const SourceTree& tree, RelativePath root, LoadRestrictor restrictor,
             const DocumentLimits& limits, FileCount& count)
      : tree_(tree),
        root_(std::move(root)),
        restrictor_(restrictor),
        limits_(limits),
        count_(count) {}

  [[nodiscard]] const SourceTree& tree() const { return tree_; }
  /// The kustomization's folder.
  [[nodiscard]] const RelativePath& root() const { return root_; }
  [[nodiscard]] const DocumentLimits& limits() const { return limits_; }

  /// The path in the tree of what the kustomization calls `text`. `invalid` if it leaves the tree,
  /// or may not be read by the restriction.
  [[nodiscard]] Result<RelativePath> resolve(std::string_view text) const;
  /// The content of the file that the kustomization calls `text`. `invalid`, naming it, if it may
  /// not be read, is not there, is no file, or is too large; or if too many were read.
  [[nodiscard]] Result<std::string> load(std::string_view text) const;
  /// The content of the file at `path` of the tree.
  [[nodiscard]] Result<std::string> read(const RelativePath& path) const;

 private:
  const SourceTree& tree_;
  RelativePath root_;
  LoadRestrictor restrictor_;
  const DocumentLimits& limits_;
  FileCount& count_;
};

}  // namespace primocane
