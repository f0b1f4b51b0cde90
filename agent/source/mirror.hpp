// SPDX-License-Identifier: Apache-2.0
// Mirror: the bare repository on disk. It is a repository that git can read, but its state is one
// file of our own, so that one rename decides which commit is here.
#pragma once

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "source/mirror_state.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

/// Where a mirror lies.
struct MirrorFolder {
  std::string path;
  /// The group that boxed renderers run in and that may read the mirror; nothing where they run as
  /// we do.
  std::optional<std::uint32_t> readers;
};

/// Does what is done to the folder. Every function may be cut at any instant and called again;
/// until set_state() has returned, state() is what it was. Blocks for the disk only.
///
/// The order that makes it so: a pack and its index are written and synced in a folder of incoming/
/// (by a boxed child), renamed into objects/pack, that folder is synced, then the state is
/// replaced. What the state does not name is removed by clean(), not earlier: somebody may be
/// reading it.
class Mirror {
 public:
  explicit Mirror(MirrorFolder folder) : folder_(std::move(folder)) {}

  [[nodiscard]] const std::string& path() const { return folder_.path; }

  /// What is here; nothing in it if there is no mirror yet. `unavailable` if the mirror is damaged:
  /// the state can't be read, or a pack that it names is missing, cut or another one. Looks at both
  /// ends of each pack, not at what is between them.
  [[nodiscard]] Result<MirrorState> state() const;

  /// A value that changes when a file of one of `state`'s packs does.
  [[nodiscard]] std::string fingerprint(const MirrorState& state) const;

  /// Makes the folders that are missing and keeps other processes of ours from changing the mirror
  /// until the lock is destroyed. `conflict` if one is at it.
  [[nodiscard]] Result<UniqueFd> lock() const;

  /// Removes packs that `state` does not need, and what interrupted fetches left.
  void clean(const MirrorState& state) const;
  /// Only the packs: damaged ones would hide the objects of those that come in their place.
  void remove_packs_beside(const MirrorState& state) const;

  /// An empty folder for a child to write a pack into.
  [[nodiscard]] Result<std::string> make_incoming() const;
  void remove_incoming() const;

  /// Moves a pack from an incoming folder to the others. `invalid` if it is not what the child said
  /// it is.
  [[nodiscard]] Result<void> install_pack(const std::string& incoming,
                                          const MirrorPack& pack) const;

  /// Replaces the state. Once it has returned, a power cut does not undo it.
  [[nodiscard]] Result<void> set_state(const MirrorState& state) const;

 private:
  [[nodiscard]] std::string in(std::string_view name) const;
  [[nodiscard]] std::string pack_path(const std::string& name, std::string_view ending) const;
  [[nodiscard]] Result<void> make_folders() const;
  [[nodiscard]] bool is_shared() const;
  [[nodiscard]] Result<void> share() const;
  [[nodiscard]] Result<void> write_for_git(const MirrorTip& tip) const;

  MirrorFolder folder_;
};

}  // namespace primocane
