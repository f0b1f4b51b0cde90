// SPDX-License-Identifier: Apache-2.0
// ComposedFolder: the folder that keeps the last tree that was composed of several repositories.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

struct ComposedTree {
  std::string wish;      ///< what was asked for: a fingerprint
  std::string state;     ///< all that it is made of: a fingerprint, and a part of a file's name
  std::string revision;  ///< of the repository that all else is put into
  std::string path;      ///< of the bundle (bundle_tree.hpp)

  bool operator==(const ComposedTree&) const = default;
};

/// At most one tree: its bundle, and `composed.json` that names it. Written in that order, so that
/// a power cut leaves the old one or the new one. All errors are `unavailable`.
class ComposedFolder {
 public:
  explicit ComposedFolder(std::string path) : path_(std::move(path)) {}

  /// Where the bundle of `state` belongs.
  [[nodiscard]] std::string bundle_path(std::string_view state) const;
  /// The tree that is here, whatever was asked for, if its bundle is there.
  [[nodiscard]] std::optional<ComposedTree> read() const;
  /// Makes `tree`, whose bundle is there, the one that is here, and removes all others.
  [[nodiscard]] Result<void> write(const ComposedTree& tree) const;
  /// Removes the tree that is here where its bundle is not what was written. Reads all of it.
  void forget_damaged() const;
  /// Removes the tree that is here, and the submodules in it.
  void clear() const;
  /// Where submodules are kept.
  [[nodiscard]] std::string submodules_path() const;

 private:
  [[nodiscard]] std::string file_path() const;
  [[nodiscard]] std::optional<Value> written() const;

  std::string path_;
};

}  // namespace primocane
