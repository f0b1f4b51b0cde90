// SPDX-License-Identifier: Apache-2.0
// Fetches a branch's new tip, with as little history as it takes to see that it descends from the
// commit that is applied.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "source/pack_fetcher.hpp"

#include <cstdint>
#include <optional>
#include <variant>

namespace primocane {

/// What is to be fetched, and upon what.
struct TipGoal {
  CommitId tip;
  /// FetchRequest::tag.
  std::optional<CommitId> tag = std::nullopt;
  /// The commit that `tip` must descend from, if any.
  std::optional<CommitId> ancestor;
  /// A commit that is completely here, if any.
  std::optional<CommitId> have;
  /// Whether `have` is known to be `ancestor` or to descend from it.
  bool have_descends = false;
};

/// A pack with the tip. Together with `on_top_of`'s objects, if that is set, it is complete.
struct TipPack {
  FetchedPack fetched;
  std::optional<CommitId> on_top_of;
};

/// The tip's pack, or why it was refused: it does not descend from the ancestor, or not within
/// `settings.depth_max` (`denied`).
using TipFetch = std::variant<TipPack, Error>;

/// The depth to look at after `depth` was not enough; nothing when `depth_max` was reached.
[[nodiscard]] std::optional<std::uint32_t> next_depth(std::uint32_t depth, std::uint32_t depth_max);

/// Fetches `goal`. Where the server can send commits alone, those are looked at first, in growing
/// depth, and the content is fetched once; elsewhere the content is fetched in growing depth.
Task<Result<TipFetch>> fetch_tip(PackFetcher* fetcher, GitSettings settings, TipGoal goal);

/// Only looks whether `goal.tip` descends from `goal.ancestor`; why it was refused, if it was.
Task<Result<std::optional<Error>>> prove_descent(PackFetcher* fetcher, GitSettings settings,
                                                 TipGoal goal);

}  // namespace primocane
