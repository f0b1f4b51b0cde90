// SPDX-License-Identifier: Apache-2.0
// What a mirror holds, as it is written into one file of the mirror. That file alone decides: what
// it does not name is not there.
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// A pack of the mirror: objects/pack/pack-<name>.pack and .idx.
struct MirrorPack {
  std::string name;
  ByteCount pack_size;
  ByteCount index_size;

  bool operator==(const MirrorPack&) const = default;
};

/// The newest commit of what is followed, which is completely here.
struct MirrorTip {
  std::string remote;
  std::string branch;  ///< as in Revision
  CommitId commit;
  WallTime committed_at{};
  /// A commit that this one is known to descend from: the one that was applied when it came.
  std::optional<CommitId> descends_from;
  /// The commit that the first pack holds completely; the other packs add what came after it.
  CommitId base;
  std::vector<MirrorPack> packs;
  /// Commits whose parents are not here, for git itself.
  std::vector<CommitId> shallow;

  bool operator==(const MirrorTip&) const = default;
};

/// Another commit that was asked for, in a pack of its own.
struct MirrorExtra {
  CommitId commit;
  WallTime committed_at{};
  MirrorPack pack;

  bool operator==(const MirrorExtra&) const = default;
};

struct MirrorState {
  std::optional<MirrorTip> tip;
  std::vector<MirrorExtra> extras;  ///< oldest first

  bool operator==(const MirrorState&) const = default;
};

/// The packs that `state` needs, each once.
[[nodiscard]] std::vector<MirrorPack> packs_of(const MirrorState& state);

/// The state as JSON.
[[nodiscard]] std::string write_mirror_state(const MirrorState& state);
/// `invalid` for anything that write_mirror_state() would not have written.
[[nodiscard]] Result<MirrorState> read_mirror_state(std::string_view text);

}  // namespace primocane
