// SPDX-License-Identifier: Apache-2.0
// SetReconciler: makes the cluster equal to the sets of some Kustomizations at a time: parents
// widened, objects applied, and at the end of the pass what left Git deleted and parents narrowed.
#pragma once

#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "plan/plan.hpp"
#include "plan/prune.hpp"
#include "reconcile/apply.hpp"
#include "reconcile/flux_watch.hpp"
#include "reconcile/leaving.hpp"
#include "reconcile/memory.hpp"
#include "reconcile/observe.hpp"
#include "reconcile/turn.hpp"
#include "reconcile/voice.hpp"
#include "resource/applyset.hpp"
#include "resource/desired.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace primocane {

/// One set in a pass: what is wanted of it, and what became of that.
struct SetWork {
  Subject subject;
  const DesiredSet* desired = nullptr;   ///< borrowed
  std::optional<Fingerprint> contained;  ///< Parent::contained
  OnRemoval on_removal = OnRemoval::prune;
  std::chrono::seconds removal_wait{};  ///< Parent::removal_wait
  bool is_forcing = false;              ///< objects may be made anew
  bool is_left_to_others = false;       ///< why it was stopped: it is another node's turn
  DriftMode drift = DriftMode::correct;
  std::string user;  ///< whose rights its requests have, "" for our own

  std::optional<Error> stopped;  ///< why none of it was applied
  std::optional<Error> failure;  ///< of the first object that could not be applied or deleted
  std::uint64_t applied = 0;     ///< objects that are as Git says
  std::uint64_t failed = 0;
  std::uint64_t postponed = 0;  ///< objects that have to wait
  std::uint64_t changes = 0;
  std::uint64_t reverted = 0;
  std::set<ResourceId> left_alone{};  ///< Plan::left_alone

  /// Whether all that is desired is as Git says.
  [[nodiscard]] bool is_applied() const { return !stopped && failed == 0 && postponed == 0; }
};

/// One per pass. All borrowed. Writes nothing where Flux's own controllers run, or while it is
/// another node's turn.
class SetReconciler {
 public:
  SetReconciler(Cluster& cluster, EventLoop& loop, ClusterSight& sight, PassMemory& memory,
                FluxWatch& flux, Voice& voice, LiveCluster* live, Turn* turn,
                ApplySettings settings);

  /// Has the parents of the sets of `works` say what these will hold: nothing created can be lost
  /// track of then. Before apply(), and only there: it needs nothing that is looked at.
  Task<void> claim(std::vector<SetWork*> works);

  /// Has the parents of `names`, which are suspended, say that their members stay should they leave
  /// Git. claim() takes it back when they run again. Failures have been told.
  Task<void> suspend(std::vector<KustomizationName> names);

  /// Applies the sets of `works`, which are claimed, stage after stage; `others` are what the rest
  /// of the graph desires. Failures are in the works and have been told; an error is one of the
  /// whole server. `before_writing` is called when the first object is about to be written.
  Task<Result<void>> apply(std::vector<SetWork*> works, std::vector<Desire> others,
                           std::function<void()> before_writing);

  /// Drops a set that left the graph after it was applied: its members have left Git.
  void forget(const KustomizationName& name) { sets_.erase(name); }

  /// Deletes or lets go of what left Git, as `plan` says, but for what left a set in `held`: those
  /// failed.
  Task<void> prune(const PrunePlan& plan, std::set<KustomizationName> held);

  /// Narrows the parents of the sets that were applied, and deletes those of sets that left Git and
  /// have no members any more. `confirmed` is the confirmation that still waits. Failures have been
  /// told.
  Task<void> finish(const PrunePlan& plan, std::string confirmed);

  /// The sets with OnRemoval::remove_and_wait that are not in Git any more and of which something
  /// that was deleted is still there; after prune().
  [[nodiscard]] std::vector<LeavingSet> leaving() const;

  /// What could not be deleted.
  [[nodiscard]] std::uint64_t failed_removals() const { return failed_removals_; }
  [[nodiscard]] std::uint64_t changes() const { return removed_; }
  [[nodiscard]] bool is_prune_postponed() const { return is_prune_postponed_; }

 private:
  /// What is known of a set's parent.
  struct SetParent {
    SetWork* work = nullptr;
    Parent parent;
    std::string version;  // its resourceVersion
  };

  Task<Result<void>> make_namespace();
  [[nodiscard]] bool widen(SetParent& set) const;
  Task<void> write_widened(SetParent& set);
  Task<void> write_suspended(LiveParent& live);
  [[nodiscard]] Parent narrow(const SetParent& set, const std::set<ResourceId>& staying,
                              const PrunePlan& plan, const std::string& confirmed) const;
  Task<void> narrow_all(const PrunePlan& plan, std::string confirmed);
  [[nodiscard]] std::set<ResourceId> staying_of(const SetParent& set,
                                                const std::set<ResourceId>& all_staying) const;
  Task<void> write_narrowed(SetParent& set, Parent parent);
  Task<Result<void>> require_leave(Need need, std::set<KustomizationName> sets);
  Task<bool> may_write();
  void stop_all(const std::vector<SetWork*>& works, const Error& error) const;
  void learn(const std::vector<SetWork*>& works);
  [[nodiscard]] bool is_taken(const KustomizationName& name) const;
  [[nodiscard]] bool is_still_ours(const Change& change);
  void count_as_applied(const Plan& plan);
  [[nodiscard]] std::string writer() const;
  Task<void> remove_empty_parents(const PrunePlan& plan);
  void note(const Outcome& outcome);
  void tell(const Subject& subject, const Outcome& outcome);
  void note_removal(const Outcome& outcome);
  [[nodiscard]] std::vector<Change> changes_of(const std::vector<Removal>& leaving,
                                               Action action) const;
  void take_up(const Plan& plan);
  void take_up_drift(const std::vector<SetWork*>& works, const Plan& plan);
  Task<void> apply_stages(const Plan& plan);
  [[nodiscard]] SetWork& work_of(const Change& change);
  [[nodiscard]] Subject subject_of(const KustomizationName& name) const;
  [[nodiscard]] std::set<ResourceId> staying(const PrunePlan& plan) const;
  [[nodiscard]] bool is_settled(const SetWork& work, const PrunePlan& plan) const;

  Cluster& cluster_;
  EventLoop& loop_;
  ClusterSight& sight_;
  PassMemory& memory_;
  FluxWatch& flux_;
  Voice& voice_;
  LiveCluster* live_;
  Turn* turn_;
  ApplySettings settings_;
  std::map<KustomizationName, SetParent> sets_;
  std::set<ResourceId> failed_;
  std::set<ResourceId> terminating_;  // members that were deleted and are not gone yet
  std::set<ResourceId> waiting_;
  std::set<ResourceId> removed_ids_;
  std::set<KustomizationName> held_;
  std::uint64_t failed_removals_ = 0;
  std::uint64_t removed_ = 0;
  bool is_prune_postponed_ = false;
  bool is_left_ = false;        // to others, what leave was asked for last
  bool has_namespace_ = false;  // that of the parents was asked for
};

}  // namespace primocane
