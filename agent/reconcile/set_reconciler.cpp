// SPDX-License-Identifier: Apache-2.0
#include "reconcile/set_reconciler.hpp"

#include "reconcile/drift_report.hpp"
#include "reconcile/established.hpp"
#include "reconcile/others_writes.hpp"
#include "resource/live_object.hpp"
#include "resource/resource_version.hpp"
#include "resource/well_known.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace primocane {

namespace {

bool is_still_leaving(const Change& change, const LiveObject& live) {
  return live.part_of == applyset_id(change.kustomization) && is_member(live, Declared::no) &&
         !live.prune_disabled && !live.is_excluded;
}

bool is_verification(const Plan& plan) {
  return std::ranges::all_of(plan.stages, [](const Stage& stage) {
    return std::ranges::all_of(
        stage.changes, [](const Change& change) { return change.action == Action::verify; });
  });
}

// Of which `plan` changes something.
std::set<KustomizationName> sets_in(const Plan& plan) {
  std::set<KustomizationName> sets;
  for (const Stage& stage : plan.stages) {
    for (const Change& change : stage.changes) sets.insert(change.kustomization);
  }
  return sets;
}

Change leaving_change(const Removal& removal, Action action) {
  return {.id = removal.id,
          .action = action,
          .reason = std::string(reason_to(action)),
          .kustomization = removal.kustomization,
          .desired = nullptr,
          .uid = removal.uid,
          .resource_version = removal.resource_version,
          .manager = {}};
}

}  // namespace

SetReconciler::SetReconciler(Cluster& cluster, EventLoop& loop, ClusterSight& sight,
                             PassMemory& memory, FluxWatch& flux, Voice& voice, LiveCluster* live,
                             Turn* turn, ApplySettings settings)
    : cluster_(cluster),
      loop_(loop),
      sight_(sight),
      memory_(memory),
      flux_(flux),
      voice_(voice),
      live_(live),
      turn_(turn),
      settings_(settings) {
  // An object that waited in vain last time is not waited for at length again.
  if (!memory_.waiting.empty()) {
    settings_.patience = std::min<Duration>(settings_.patience, std::chrono::seconds(2));
  }
}

Task<Result<void>> SetReconciler::apply(std::vector<SetWork*> works, std::vector<Desire> others,
                                        std::function<void()> before_writing) {
  if (!cluster_.is_answering()) {
    for (const SetWork* work : works) {
      if (work->stopped) co_return std::unexpected(*work->stopped);
    }
  }
  std::vector<Desire> desires;
  for (SetWork* work : works) {
    if (work->stopped) {
      voice_.stuck(work->subject, *work->stopped);
      continue;
    }
    desires.emplace_back();
    desires.back().name = work->subject.name;
    desires.back().set = work->desired;
    desires.back().is_forcing = work->is_forcing;
    desires.back().drift = work->drift;
    desires.back().user = work->user;
  }
  learn(works);
  PlanInput input{.desires = std::move(desires),
                  .others = std::move(others),
                  .view = sight_.view,
                  .index = memory_.index,
                  .resting = memory_.fights.resting(loop_.clock().now())};
  const Plan plan = make_plan(input);
  if (!plan.stages.empty()) {
    const Need need = is_verification(plan) ? Need::unsure : Need::undone;
    const Result<void> can_write = co_await require_leave(need, sets_in(plan));
    if (!can_write && need == Need::unsure && is_left_) {
      take_up(plan);
      take_up_drift(works, plan);
      count_as_applied(plan);
      co_return Result<void>();
    }
    if (!can_write) {
      stop_all(works, can_write.error());
      if (can_write.error().kind != ErrorKind::cancelled) co_return can_write;
      co_return Result<void>();
    }
    before_writing();
  }
  take_up(plan);
  take_up_drift(works, plan);
  Task<void> applying = apply_stages(plan);
  co_await applying;
  co_return Result<void>();
}

void SetReconciler::stop_all(const std::vector<SetWork*>& works, const Error& error) const {
  for (SetWork* work : works) {
    work->stopped = error;
    work->is_left_to_others = is_left_;
  }
}

Task<Result<void>> SetReconciler::require_leave(Need need, std::set<KustomizationName> sets) {
  is_left_ = false;
  if (turn_ != nullptr) {
    Result<void> turn = co_await turn_->require(need, std::move(sets));
    is_left_ = !turn.has_value();
    if (!turn) co_return turn;
  }
  Result<void> absent = co_await flux_.require_absence();
  co_return absent;
}

// Why not has been told.
Task<bool> SetReconciler::may_write() {
  const Result<void> leave = co_await require_leave(Need::undone, std::set<KustomizationName>());
  if (!leave) voice_.stopped(leave.error());
  co_return leave.has_value();
}

// What another node has applied of `works`, while that acts.
void SetReconciler::learn(const std::vector<SetWork*>& works) {
  if (turn_ == nullptr || turn_->is_first()) return;
  for (const SetWork* work : works) {
    for (const DesiredObject& object : work->desired->objects()) {
      const auto set = learn_write(memory_, *live_, object.id, loop_.clock().now());
      if (set) turn_->note_others_act(*set);
    }
  }
}

// Another node wrote the parent since we did, for something else.
bool SetReconciler::is_taken(const KustomizationName& name) const {
  if (turn_ == nullptr) return false;
  const auto set = sets_.find(name);
  const LiveParent* live = live_->find_parent(applyset_id(name));
  return set != sets_.end() && live != nullptr && turn_->is_another(live->parent.writer) &&
         live->parent.rendering != set->second.parent.rendering &&
         !is_older_version(live->resource_version, set->second.version);
}

bool SetReconciler::is_still_ours(const Change& change) {
  if (!is_taken(change.kustomization)) return true;
  const auto set = sets_.find(change.kustomization);
  if (set->second.work->stopped) return false;
  const LiveParent* live = live_->find_parent(applyset_id(change.kustomization));
  set->second.work->stopped = Error{
      ErrorKind::cancelled, fmt::format("node {} applies something else", live->parent.writer)};
  set->second.work->is_left_to_others = true;
  return false;
}

// Another node wrote what `plan` would only verify.
void SetReconciler::count_as_applied(const Plan& plan) {
  for (const Stage& stage : plan.stages) {
    for (const Change& change : stage.changes) ++work_of(change).applied;
  }
}

std::string SetReconciler::writer() const { return turn_ == nullptr ? "" : turn_->own_name(); }

// What the plan says without a request.
void SetReconciler::take_up(const Plan& plan) {
  for (const auto& [name, ids] : plan.left_alone) sets_[name].work->left_alone = ids;
  for (const auto& [name, count] : plan.unchanged) sets_[name].work->applied += count;
  for (const Refusal& refusal : plan.refusals) {
    SetWork& work = *sets_[refusal.kustomization].work;
    ++work.failed;
    if (!work.failure) work.failure = with_context(to_string(refusal.id), refusal.error);
    voice_.refused(work.subject, refusal);
  }
  for (const Postponed& postponed : plan.postponed) {
    for (auto& [name, set] : sets_) {
      const bool is_theirs = set.work->desired->find(postponed.id) != nullptr;
      if (is_theirs) ++set.work->postponed;
    }
  }
}

// Told once for each state, be it by the correction between passes.
void SetReconciler::take_up_drift(const std::vector<SetWork*>& works, const Plan& plan) {
  std::set<ResourceId> drifted;
  for (const Drifted& one : plan.drifted) {
    drifted.insert(one.id);
    SetWork& work = *sets_[one.kustomization].work;
    work.left_alone.insert(one.id);
    const auto live = sight_.view.labelled.find(one.id);
    const bool is_there = live != sight_.view.labelled.end();
    std::string state = state_of(is_there ? &live->second : nullptr);
    const bool is_news = note_drift(memory_.drifted, one.id, std::move(state));
    if (is_news) voice_.drift(work.subject, one);
  }
  std::erase_if(memory_.drifted, [&](const auto& entry) {
    return !drifted.contains(entry.first) &&
           std::ranges::any_of(works, [&entry](const SetWork* work) {
             return !work->stopped && work->desired->find(entry.first) != nullptr;
           });
  });
}

Task<void> SetReconciler::apply_stages(const Plan& plan) {
  Applier applier(cluster_, loop_, memory_.in_flight, memory_.index, live_, settings_,
                  [this](const Outcome& outcome) { note(outcome); });
  applier.require([this](const Change& change) { return is_still_ours(change); });
  for (const Stage& planned : plan.stages) {
    Stage stage = planned;
    // Kinds that an earlier stage defined tell only now where their objects lie.
    for (Change& change : stage.changes) resolve_namespace(change.id, sight_.catalog);
    co_await applier.apply(stage);
    if (stage.kind != StageKind::foundations) continue;
    co_await wait_until_established(cluster_, loop_, stage, failed_, sight_.catalog);
  }
}

SetWork& SetReconciler::work_of(const Change& change) {
  return *sets_.at(change.kustomization).work;
}

void SetReconciler::note(const Outcome& outcome) {
  const Change& change = *outcome.change;
  SetWork& work = work_of(change);
  tell(work.subject, outcome);
  if (!outcome.live) {
    ++work.failed;
    if (!work.failure) work.failure = with_context(to_string(change.id), outcome.live.error());
    if (outcome.live.error().kind == ErrorKind::unavailable) waiting_.insert(change.id);
    failed_.insert(change.id);
    return;
  }
  ++work.applied;
  if (outcome.has_changed) ++work.changes;
  if (outcome.has_changed && change.action == Action::revert) ++work.reverted;
  // What later sets of this pass look at.
  sight_.view.unlabelled.erase(change.id);
  sight_.view.labelled.insert_or_assign(change.id, *outcome.live);
}

void SetReconciler::tell(const Subject& subject, const Outcome& outcome) {
  Opponent opponent = opponent_of(outcome, Value());
  if (is_revert(outcome)) {
    voice_.revert(subject, outcome, opponent, loop_.clock().wall_now());
  } else {
    voice_.outcome(subject, outcome);
  }
  note_revert(memory_.fights, outcome, loop_.clock().now(), std::move(opponent));
}

Task<void> SetReconciler::prune(const PrunePlan& plan, std::set<KustomizationName> held) {
  held_ = std::move(held);
  std::vector<Change> changes = changes_of(plan.removals, Action::remove);
  const std::size_t postponed = plan.removals.size() - changes.size();
  if (postponed > 0) voice_.prune_postponed(postponed);
  std::ranges::move(changes_of(plan.let_go, Action::let_go), std::back_inserter(changes));
  is_prune_postponed_ = postponed > 0;
  if (changes.empty()) co_return;
  const bool is_allowed = co_await may_write();
  if (!is_allowed) {
    is_prune_postponed_ = true;
    co_return;
  }
  Applier applier(cluster_, loop_, memory_.in_flight, memory_.index, live_, settings_,
                  [this](const Outcome& outcome) { note_removal(outcome); });
  applier.require([this](const Change& change) { return is_still_ours(change); });
  std::function<bool(const Change&, const LiveObject&)> still_meant = is_still_leaving;
  co_await applier.remove(changes, std::move(still_meant));
}

// Of what left a set that may lose it now.
std::vector<Change> SetReconciler::changes_of(const std::vector<Removal>& leaving,
                                              Action action) const {
  std::vector<Change> changes;
  for (const Removal& removal : leaving) {
    if (held_.contains(removal.kustomization)) continue;
    changes.push_back(leaving_change(removal, action));
    const auto set = sets_.find(removal.kustomization);
    if (set != sets_.end()) changes.back().user = set->second.work->user;
  }
  return changes;
}

void SetReconciler::note_removal(const Outcome& outcome) {
  const Change& change = *outcome.change;
  voice_.outcome(subject_of(change.kustomization), outcome);
  const auto set = sets_.find(change.kustomization);
  SetWork* work = set == sets_.end() ? nullptr : set->second.work;
  if (!outcome.live) {
    if (work == nullptr) {
      ++failed_removals_;
    } else {
      ++work->failed;
      if (!work->failure) work->failure = with_context(to_string(change.id), outcome.live.error());
    }
    failed_.insert(change.id);
    return;
  }
  ++removed_;
  removed_ids_.insert(change.id);
  if (outcome.live->is_terminating) terminating_.insert(change.id);
}

Subject SetReconciler::subject_of(const KustomizationName& name) const {
  const auto set = sets_.find(name);
  if (set != sets_.end()) return set->second.work->subject;
  return {.name = name, .revision = {}};
}

std::vector<LeavingSet> SetReconciler::leaving() const {
  return find_leaving(sight_.view, memory_.kustomizations, removed_ids_, terminating_);
}

}  // namespace primocane
