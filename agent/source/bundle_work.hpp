// SPDX-License-Identifier: Apache-2.0
// What of pack_work.hpp is about trees: the child writes them as bundles (bundle_tree.hpp) and says
// what they name elsewhere.
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "document/value.hpp"
#include "source/submodules.hpp"
#include "source/tree_shape.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// Print all that `commit` holds, read from the mirror that is the box's root, as a bundle
/// (bundle_tree.hpp) instead of an answer. What goes wrong is told on standard error.
struct BundleCommit {
  CommitId commit;
  ByteCount file_max;  ///< larger files are left out

  bool operator==(const BundleCommit&) const = default;
};

/// What a child finds a tree in.
enum class TreePlace : std::uint8_t {
  commit,  ///< a commit of the mirror that is the box's root
  bundle,  ///< the first file that the child is given
  folder,  ///< the box's root itself
};

/// Print `part` of a tree, as a source takes it, as a bundle: with the content of symlinks in their
/// place, so that it may be put into another one. What goes wrong is told on standard error, with
/// exit_wrong_tree where it is the tree's fault.
struct BundlePart {
  TreePlace place = TreePlace::commit;
  std::optional<CommitId> commit;  ///< for TreePlace::commit
  std::optional<TreeShape> shape;  ///< nothing for all of it
  RelativePath part;               ///< a folder or a file
  ByteCount file_max;              ///< larger files are left out

  bool operator==(const BundlePart&) const = default;
};

/// What is put into a tree.
struct TreeAddition {
  enum class Role : std::uint8_t { submodule, inclusion };
  Role role = Role::inclusion;
  RelativePath from;  ///< in the file that it is in; a submodule is all of it
  RelativePath at;

  bool operator==(const TreeAddition&) const = default;
};

/// Print `commit` of the mirror that is the box's root, with what is added to it, as a bundle. Each
/// addition is in a file of its own, given in the same order. Otherwise as BundlePart.
struct ComposeCommit {
  CommitId commit;
  std::vector<std::string> sparse;  ///< TreeShape::sparse, before anything is added
  std::vector<TreeAddition> additions;
  ByteCount file_max;

  bool operator==(const ComposeCommit&) const = default;
};

/// Say which submodules a tree has: a commit of the mirror that is the box's root, or without one
/// the bundle that the child is given.
struct ListSubmodules {
  std::optional<CommitId> commit;
  std::vector<std::string> sparse;  ///< only among these; none: all

  bool operator==(const ListSubmodules&) const = default;
};

/// Exit code of a child that can't print a bundle because of what is in the trees; sysexits'
/// EX_DATAERR.
inline constexpr int exit_wrong_tree = 65;

/// What may be added to one tree: the child gets a file for each.
inline constexpr std::size_t tree_additions_max = 150;

/// What a request ListSubmodules is answered with.
struct SubmoduleList {
  std::vector<Submodule> submodules;

  bool operator==(const SubmoduleList&) const = default;
};

/// As JSON, and back. Paths and URLs are in base64: they need not be UTF-8.
[[nodiscard]] Value write_bundle_work(const BundleCommit& request);
[[nodiscard]] Value write_bundle_work(const BundlePart& request);
[[nodiscard]] Value write_bundle_work(const ComposeCommit& request);
[[nodiscard]] Value write_bundle_work(const ListSubmodules& request);
[[nodiscard]] Value write_bundle_work(const SubmoduleList& answer);
[[nodiscard]] Result<BundleCommit> read_bundle_commit(const Value& request);
[[nodiscard]] Result<BundlePart> read_bundle_part(const Value& request);
[[nodiscard]] Result<ComposeCommit> read_compose_commit(const Value& request);
[[nodiscard]] Result<ListSubmodules> read_list_submodules(const Value& request);
[[nodiscard]] Result<SubmoduleList> read_submodule_list(const Value& answer);

}  // namespace primocane
