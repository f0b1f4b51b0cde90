// SPDX-License-Identifier: Apache-2.0
// The submodules of a tree: what its .gitmodules says of the commits of other repositories that it
// names (gitmodules(5)).
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "source/git_url.hpp"
#include "source/linked_tree.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

inline constexpr std::size_t submodules_max = 100;  ///< in one tree
inline constexpr ByteCount gitmodules_max{64UL * 1024};

struct Submodule {
  RelativePath path;
  std::string url;  ///< as it is written
  CommitId commit;

  bool operator==(const Submodule&) const = default;
};

/// The URLs in the text of a .gitmodules, by their paths. What can't be a path in a tree is left
/// out. `invalid` for a text that is no configuration of git.
[[nodiscard]] Result<std::map<RelativePath, std::string>> read_gitmodules(std::string_view text);

/// What the .gitmodules of `tree` says; nothing where there is none. As in git, a symlink is none.
[[nodiscard]] Result<std::map<RelativePath, std::string>> gitmodules_of(const StoredTree& tree);

/// Those of `urls` that are submodules of `tree`, which may be less of it than that of the
/// .gitmodules. As git and Flux do, one is left empty that `urls` does not name. `invalid` for more
/// than submodules_max, and for one without a URL.
[[nodiscard]] Result<std::vector<Submodule>> submodules_of(
    const StoredTree& tree, const std::map<RelativePath, std::string>& urls);

/// Where the submodule of a repository at `parent` is: `url`, or what "./" and "../" before it lead
/// to (git, remote.c, relative_url). `invalid` for what is no URL of Git's, local paths among them,
/// and for a way that leads above the host.
[[nodiscard]] Result<GitUrl> submodule_url(const GitUrl& parent, std::string_view url);

}  // namespace primocane
