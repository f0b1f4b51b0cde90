// SPDX-License-Identifier: Apache-2.0
// How a mirror grows by fetches and is kept small: which commit the next fetch builds on, and what
// the mirror holds afterwards. Pure decisions.
#pragma once

#include "base/ids.hpp"
#include "source/mirror_state.hpp"

#include <optional>
#include <vector>

namespace primocane {

/// The commit whose objects the next fetch may leave out: the tip; the base again when many small
/// packs have come since, so that one pack takes their place; nothing when they have outgrown the
/// base, so that all is fetched anew.
[[nodiscard]] std::optional<CommitId> commit_to_build_on(const MirrorTip& tip);

/// `next`, a tip whose pack alone is given (in packs, with its shallow), as what the mirror holds
/// when that pack is complete `on_top_of` a commit of `last`. What is not named any more may go.
[[nodiscard]] MirrorTip grown(const std::optional<MirrorTip>& last, MirrorTip next,
                              const std::optional<CommitId>& on_top_of);

/// `state` with one more extra commit; the oldest go.
[[nodiscard]] MirrorState with_extra(MirrorState state, MirrorExtra extra);

}  // namespace primocane
