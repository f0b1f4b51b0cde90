// SPDX-License-Identifier: Apache-2.0
// What is told of a revert, by passes and by the correction between them. Pure functions.
#pragma once

#include "base/clock.hpp"
#include "document/value.hpp"
#include "plan/plan.hpp"
#include "reconcile/apply.hpp"
#include "reconcile/fights.hpp"
#include "reconcile/subject.hpp"
#include "report/event.hpp"
#include "resource/field_paths.hpp"
#include "resource/live_object.hpp"

#include <map>
#include <optional>
#include <string>

namespace primocane {

/// Who changed what `outcome` reverted, and which fields: `before` is the metadata of the object as
/// it was then, null where that is not known or there was none.
[[nodiscard]] Opponent opponent_of(const Outcome& outcome, const Value& before);

/// Whether the change was a revert that changed something.
[[nodiscard]] bool is_revert(const Outcome& outcome);

/// Puts a revert into the account of fights.
void note_revert(Fights& fights, const Outcome& outcome, SteadyTime now, Opponent opponent);

/// What decides whether an object has drifted, of `live`, or of nothing where it is gone: others
/// move its resourceVersion too.
[[nodiscard]] std::string state_of(const LiveObject* live);

/// Notes that `id` has drifted and is left so. Whether that is news: told once for each state.
bool note_drift(std::map<ResourceId, std::string>& drifted, const ResourceId& id,
                std::string state);

/// The record of an object that is left as somebody changed it; `metadata` as it is now, null where
/// that is not known or there is none.
[[nodiscard]] Event drift_event(const Subject& subject, const Drifted& drifted,
                                const Value& metadata, ItemNames names);

/// What of an applied object the server holds otherwise than it was sent, where that is news:
/// `altered` keeps what was told of each.
[[nodiscard]] std::optional<Event> admission_event(std::map<ResourceId, std::string>& altered,
                                                   const Subject& subject, const Outcome& outcome);

/// How long the object was not as Git says, by the time that its other manager's entry has, which
/// counts in seconds and by the server's clock; nothing where there is none.
[[nodiscard]] std::optional<Duration> drifted_for(const Outcome& outcome, WallTime now);

/// The record of a revert.
[[nodiscard]] Event revert_event(const Subject& subject, const Outcome& outcome,
                                 const Opponent& opponent, std::optional<Duration> drifted);

}  // namespace primocane
