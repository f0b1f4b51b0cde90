// SPDX-License-Identifier: Apache-2.0
// What is told of a revert, by passes and by the correction between them. Pure functions.
#pragma once

#include "base/clock.hpp"
#include "document/value.hpp"
#include "reconcile/apply.hpp"
#include "reconcile/fights.hpp"
#include "reconcile/subject.hpp"
#include "report/event.hpp"

#include <optional>

namespace primocane {

/// Who changed what `outcome` reverted, and which fields: `before` is the metadata of the object as
/// it was then, null where that is not known or there was none.
[[nodiscard]] Opponent opponent_of(const Outcome& outcome, const Value& before);

/// Whether the change was a revert that changed something.
[[nodiscard]] bool is_revert(const Outcome& outcome);

/// Puts a revert into the account of fights.
void note_revert(Fights& fights, const Outcome& outcome, SteadyTime now, Opponent opponent);

/// How long the object was not as Git says, by the time that its other manager's entry has, which
/// counts in seconds and by the server's clock; nothing where there is none.
[[nodiscard]] std::optional<Duration> drifted_for(const Outcome& outcome, WallTime now);

/// The record of a revert.
[[nodiscard]] Event revert_event(const Subject& subject, const Outcome& outcome,
                                 const Opponent& opponent, std::optional<Duration> drifted);

}  // namespace primocane
