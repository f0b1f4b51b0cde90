// SPDX-License-Identifier: Apache-2.0
// PassMemory: what one pass leaves for the next, in memory and, as caches, on disk.
#pragma once

#include "base/error.hpp"
#include "plan/applied_index.hpp"
#include "reconcile/in_flight.hpp"
#include "report/event.hpp"
#include "report/state_store.hpp"
#include "resource/desired.hpp"
#include "source/revision.hpp"

#include <optional>
#include <set>
#include <string>
#include <utility>

namespace primocane {

/// What is kept between passes. All of it can be lost.
struct PassMemory {
  std::optional<Revision> applied;    ///< the last revision whose set was applied
  std::optional<Revision> rendered;   ///< the revision of `desired`
  std::optional<DesiredSet> desired;  ///< what it desires
  bool is_resolved = false;           ///< its objects have the namespaces the server gives them
  /// A commit that can't be rendered, and why: not tried again until something else is asked for.
  std::optional<std::pair<CommitId, Error>> unrenderable;
  AppliedIndex index;
  InFlightLimit in_flight;
  std::set<std::string> known_problems;  ///< reported already, so said once
  bool had_problems = false;
  std::set<ResourceId> waiting;  ///< failed last time because something was missing
};

/// Fills `memory` from the store, at the start of the agent. What can't be read is started anew,
/// with a warning.
void load_memory(PassMemory& memory, StateStore& store, EventSink& events);

[[nodiscard]] Result<void> save_index(const AppliedIndex& index, StateStore& store);
[[nodiscard]] Result<void> save_applied(const Revision& revision, StateStore& store);

}  // namespace primocane
