// SPDX-License-Identifier: Apache-2.0
// DriftCorrector: reverts what others change between passes, as soon as a watch tells it, by
// applying from memory what was applied before. It never writes anything new: what Git has changed,
// what can't be written, and what is pruned are the business of passes.
#pragma once

#include "base/clock.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "plan/plan.hpp"
#include "reconcile/altered_values.hpp"
#include "reconcile/apply.hpp"
#include "reconcile/drift_batch.hpp"
#include "reconcile/in_flight.hpp"
#include "reconcile/live_cluster.hpp"
#include "reconcile/memory.hpp"
#include "reconcile/turn.hpp"
#include "report/event.hpp"

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace primocane {

/// What a DriftCorrector works with, all borrowed.
struct CorrectorParts {
  EventLoop& loop;
  Cluster& cluster;
  LiveCluster& live;
  PassMemory& memory;
  EventSink& events;
  Turn* turn = nullptr;  ///< null where no other node acts
  /// Asks for a pass: something is wrong that only a pass can mend or tell.
  std::function<void()> ask_for_pass;
  /// Called after each revert.
  std::function<void()> reverted;
  /// Called when PassMemory::drifted is another one.
  std::function<void()> drifted;
};

/// Lives on the loop's thread. Corrections run beside each other and beside passes; one object is
/// written by one of them at a time.
class DriftCorrector {
 public:
  explicit DriftCorrector(CorrectorParts parts);
  DriftCorrector(const DriftCorrector&) = delete;
  DriftCorrector& operator=(const DriftCorrector&) = delete;
  ~DriftCorrector() = default;

  /// As LiveCluster::Listener::changed. What changes in the same turn of the loop is corrected
  /// together, so that stages hold.
  void changed(const ResourceId& id, const Value* object);

  /// A watch shows `kind` from now on: what happened before is not told.
  void look_at(const GroupKind& kind);
  /// What the parents say of pauses may have changed: at once nothing is reverted in those that
  /// have begun, whoever began them.
  void look_at_pauses();
  /// After a pass, for what was looked at in vain before it.
  void look_at_all();
  /// It may be this node's turn now.
  void wake();

 private:
  struct Correction {
    Job job;
    bool is_full = false;  // what is left waits for it
    bool is_done = false;
  };

  [[nodiscard]] bool differs(const ResourceId& id) const;
  [[nodiscard]] bool needs_rendering(const ResourceId& id) const;
  [[nodiscard]] bool is_suspect(const ResourceId& id) const;
  [[nodiscard]] bool is_paused(const ResourceId& id) const;
  [[nodiscard]] std::string state_of(const ResourceId& id) const;
  [[nodiscard]] bool was_tried_in_vain(const ResourceId& id);
  void learn(const ResourceId& id);
  [[nodiscard]] std::optional<SteadyTime> rest_end(const ResourceId& id);
  void suspect(const ResourceId& id, const Value* object);
  void plan_turn();
  void run_turn();
  [[nodiscard]] Suspects take_batch();
  [[nodiscard]] bool has_room(const Value& metadata);
  void rest(const ResourceId& id, SteadyTime until);
  Task<void> correct(Suspects suspects);
  void leave_to_pass(const std::vector<ResourceId>& ids);
  Task<bool> may_write();
  void note_drifted(const DriftBatch& batch, const Plan& plan);
  void forget_drift(const ResourceId& id);
  void note(const DriftBatch& batch, const Outcome& outcome);
  void follow_namespace(const ResourceId& space);

  CorrectorParts parts_;
  AlteredValues altered_;
  InFlightLimit in_flight_;
  Suspects suspects_;
  std::map<ResourceId, SteadyTime> resting_;   // that changed, and are not to be reverted yet
  std::map<ResourceId, SteadyTime> undone_;    // since when others could have reverted them
  std::map<ResourceId, std::string> in_vain_;  // what could not be reverted, by state_of()
  std::map<KustomizationName, Pause> pauses_;  // as the watch of the parents shows them
  std::size_t kept_values_ = 0;                // in the metadata of suspects_
  std::optional<SteadyTime> flux_seen_at_;     // when it was looked for
  bool is_flux_absent_ = false;
  std::unique_ptr<Registration> turn_;
  std::unique_ptr<Registration> alarm_;
  std::list<Correction> corrections_;
};

}  // namespace primocane
