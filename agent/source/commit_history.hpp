// SPDX-License-Identifier: Apache-2.0
// Questions about commits and what they hold, asked of a pack or of a mirror. Runs in a box.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "source/pack_work.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// What the objects at hand show of a commit's ancestors.
struct CommitHistory {
  std::vector<std::optional<std::uint64_t>> distances;  ///< as IndexedPack::distances
  bool is_cut = false;                                  ///< as IndexedPack::is_cut
  WallTime committed_at{};                              ///< of the tip
};

/// Walks from `tip` through all parents that are in the pack whose index is `index_path`, nearest
/// first. A commit is found as soon as it is named as a parent, whether or not it is there itself.
/// `invalid` if `tip` is not there.
[[nodiscard]] Result<CommitHistory> look_for_ancestors(const std::string& index_path,
                                                       const CommitId& tip,
                                                       const std::vector<CommitId>& look_for);

/// Whether `request.commit` is in `objects_folder` with its whole tree: CompleteCommit,
/// IncompleteCommit, or an Error when that can't be said.
[[nodiscard]] PackAnswer check_commit(const std::string& objects_folder,
                                      const CheckCommit& request);

/// What is signed of a commit or a tag in `objects_folder`: SignedContent, IncompleteCommit if it
/// is not there, or an Error for what is something else, too large or signed twice.
[[nodiscard]] PackAnswer read_signed_object(const std::string& objects_folder,
                                            const ReadSigned& request);

}  // namespace primocane
