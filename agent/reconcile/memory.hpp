// SPDX-License-Identifier: Apache-2.0
// PassMemory: what one pass leaves for the next, in memory and, as caches, on disk.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "plan/applied_index.hpp"
#include "reconcile/fights.hpp"
#include "reconcile/in_flight.hpp"
#include "reconcile/kustomization_state.hpp"
#include "reconcile/release_state.hpp"
#include "report/event.hpp"
#include "report/state_store.hpp"
#include "source/revision.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace primocane {

/// What is kept between passes. All of it can be lost.
struct PassMemory {
  std::optional<Revision> applied;  ///< the last revision that was applied without a failure
  /// The revision whose set is being applied, with failures perhaps: what a new one must descend
  /// from, and what stays when a new one can't be rendered.
  std::optional<Revision> in_force;
  std::optional<Revision> rendered;  ///< the revision of the root's rendering
  bool knows_newest = false;         ///< Git answered when it was asked last
  /// The Kustomizations of the graph; none before the first rendering.
  KustomizationStates kustomizations;
  /// Some of them have no rendering since memory was short.
  bool are_renderings_given_up = false;
  ReleaseStates releases;  ///< the HelmReleases that they contain
  /// The name of the root among them, once it is known: a folder that Flux was bootstrapped in says
  /// it itself. It never changes afterwards.
  std::optional<KustomizationName> root;
  /// Hash of a list of deletions that a person confirmed and that were not made yet, or "".
  std::string confirmed_prune;
  AppliedIndex index;
  std::size_t saved_index = 0;  ///< digest_of() what is on disk of it
  /// The resourceVersion of each parent as we saw or wrote it last, by ApplySet id.
  std::map<std::string, std::string> parent_versions;
  /// What this node wrote into the parents last.
  std::map<KustomizationName, Fingerprint> claimed;
  /// Commits of other nodes' parents from which the followed branch descends.
  std::set<CommitId> known_ancestors;
  InFlightLimit in_flight;
  std::set<std::string> known_problems;  ///< reported already, so said once
  bool had_problems = false;
  Fights fights;
  /// What is only watched and is not as Git says, as it was told last, by state_of().
  std::map<ResourceId, std::string> drifted;
  /// Fields that the server holds otherwise than they were applied, as they were told last.
  std::map<ResourceId, std::string> altered;
  std::set<ResourceId> waiting;  ///< failed last time because something was missing
  /// Since when sets that left Git wait for what was deleted.
  std::map<KustomizationName, SteadyTime> leaving_since;
  /// What the parents say of pauses that are not over.
  std::map<KustomizationName, Pause> pauses;
};

/// Fills `memory` from the store, at the start of the agent. What can't be read is started anew,
/// with a warning.
void load_memory(PassMemory& memory, StateStore& store, EventSink& events);

/// The index in `memory`, if it is not on disk as it is.
[[nodiscard]] Result<void> save_index(PassMemory& memory, StateStore& store);
/// The revisions in `memory`.
[[nodiscard]] Result<void> save_revisions(const PassMemory& memory, StateStore& store);

}  // namespace primocane
