// SPDX-License-Identifier: Apache-2.0
// FileLoader: reads the files that one kustomization names, and keeps it from reading others
// (kustomize api/internal/loader).
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "document/limits.hpp"
#include "render/remote_trees.hpp"
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

/// What one rendering may read, and has read.
struct LoadLimits {
  DocumentLimits document;
  std::uint64_t files_max = 20'000;  ///< counted each time
  std::uint64_t files_read = 0;
};

/// Loads files by the paths and URLs that stand in the kustomization of one folder. Borrows the
/// tree, the limits and what is remote.
class FileLoader {
 public:
  FileLoader(const SourceTree& tree, RelativePath root, LoadRestrictor restrictor,
             LoadLimits& limits, RemoteTrees& remotes);

  [[nodiscard]] const SourceTree& tree() const { return tree_; }
  /// The kustomization's folder.
  [[nodiscard]] const RelativePath& root() const { return root_; }
  [[nodiscard]] LoadRestrictor restrictor() const { return restrictor_; }
  [[nodiscard]] RemoteTrees& remotes() const { return remotes_; }
  [[nodiscard]] const DocumentLimits& limits() const { return limits_.document; }

  /// The path in the tree of what the kustomization calls `text`. `denied` if that lies outside of
  /// the tree, `invalid` if it can be no path in any.
  [[nodiscard]] Result<RelativePath> path_of(std::string_view text) const;
  /// The content of the file that the kustomization calls `text`. `invalid`, naming it, if it may
  /// not be read, is not there (yet, where it is a URL), is no file, or is too large; or if too
  /// many were read.
  [[nodiscard]] Result<std::string> load(std::string_view text) const;
  /// The content of the file at `path` of the tree.
  [[nodiscard]] Result<std::string> read(const RelativePath& path) const;
  /// What messages call the file that the kustomization calls `text`: its path in the tree.
  [[nodiscard]] std::string shown(std::string_view text) const;
  /// `invalid` if the restriction forbids to read `path`.
  [[nodiscard]] Result<void> check_restriction(const RelativePath& path) const;

 private:
  const SourceTree& tree_;
  RelativePath root_;
  LoadRestrictor restrictor_;
  LoadLimits& limits_;
  RemoteTrees& remotes_;
};

}  // namespace primocane
