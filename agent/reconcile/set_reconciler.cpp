// SPDX-License-Identifier: Apache-2.0
#include "reconcile/set_reconciler.hpp"

#include "base/task_group.hpp"
#include "reconcile/established.hpp"
#include "reconcile/parents.hpp"
#include "resource/live_object.hpp"
#include "resource/well_known.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t parents_in_flight = 4;

bool is_still_leaving(const Change& change, const LiveObject& live) {
  return live.part_of == applyset_id(change.kustomization) && is_member(live, Declared::no) &&
         !live.prune_disabled && !live.is_excluded;
}

Change removal_change(const Removal& removal) {
  return {.id = removal.id,
          .action = Action::remove,
          .reason = "left Git",
          .kustomization = removal.kustomization,
          .desired = nullptr,
          .uid = removal.uid,
          .resource_version = removal.resource_version,
          .manager = {}};
}

}  // namespace

SetReconciler::SetReconciler(Cluster& cluster, EventLoop& loop, ClusterSight& sight,
                             PassMemory& memory, Voice& voice, ApplySettings settings)
    : cluster_(cluster),
      loop_(loop),
      sight_(sight),
      memory_(memory),
      voice_(voice),
      settings_(settings) {
  // An object that waited in vain last time is not waited for at length again.
  if (!memory_.waiting.empty()) {
    settings_.patience = std::min<Duration>(settings_.patience, std::chrono::seconds(2));
  }
}

Task<void> SetReconciler::claim(std::vector<SetWork*> works) {
  for (SetWork* work : works) sets_[work->subject.name].work = work;
  const Result<void> made = co_await make_namespace();
  if (!made && !cluster_.is_answering()) {
    // Each request takes its whole time then.
    for (SetWork* work : works) work->stopped = made.error();
    co_return;
  }
  ignore(made, "the parents can't be written then, which tells it");
  TaskGroup group(parents_in_flight);
  for (SetWork* work : works) group.add(widen(*work));
  co_await group.wait();
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
    desires.back().user = work->user;
  }
  PlanInput input{.desires = std::move(desires),
                  .others = std::move(others),
                  .view = sight_.view,
                  .index = memory_.index,
                  .resting = memory_.fights.resting(loop_.clock().now())};
  const Plan plan = make_plan(input);
  take_up(plan);
  if (!plan.stages.empty()) before_writing();
  Task<void> applying = apply_stages(plan);
  co_await applying;
  co_return Result<void>();
}

// Where there are no parents there may be no namespace for them. Once for all of them: to ask for
// it with each would double what a hundred new ones cost.
Task<Result<void>> SetReconciler::make_namespace() {
  if (std::exchange(has_namespace_, true) || !sight_.view.parents.empty()) {
    co_return Result<void>();
  }
  co_return co_await apply_system_namespace(cluster_);
}

// Before the first member of a changed set is written: nothing created can be lost track of.
Task<void> SetReconciler::widen(SetWork& work) {
  SetParent& set = sets_[work.subject.name];
  const auto found = sight_.view.parents.find(applyset_id(work.subject.name));
  const LiveParent* live = found == sight_.view.parents.end() ? nullptr : &found->second;
  set.parent = widened_parent(*work.desired, live, work.subject.revision);
  set.parent.on_removal = work.on_removal;
  set.parent.removal_wait = work.removal_wait;
  // Where there was nothing, nothing can have left.
  if (live == nullptr) set.parent.members = work.desired->objects().size();
  set.version = live == nullptr ? std::string() : live->resource_version;
  if (live != nullptr && says_the_same(live->parent, set.parent)) co_return;
  Result<std::string> written = co_await apply_parent(cluster_, set.parent, set.version);
  if (written) {
    set.version = std::move(*written);
  } else {
    work.stopped = std::move(written).error();
  }
}

// What the plan says without a request.
void SetReconciler::take_up(const Plan& plan) {
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

Task<void> SetReconciler::apply_stages(const Plan& plan) {
  Applier applier(cluster_, loop_, memory_.in_flight, memory_.index, settings_,
                  [this](const Outcome& outcome) { note(outcome); });
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
  voice_.outcome(work.subject, outcome);
  if (!outcome.live) {
    ++work.failed;
    if (!work.failure) work.failure = with_context(to_string(change.id), outcome.live.error());
    if (outcome.live.error().kind == ErrorKind::unavailable) waiting_.insert(change.id);
    failed_.insert(change.id);
    return;
  }
  ++work.applied;
  if (!change.tool.empty()) memory_.fights.note(change.id, loop_.clock().now());
  if (outcome.has_changed) ++work.changes;
  if (outcome.has_changed && change.action == Action::revert) ++work.reverted;
  // What later sets of this pass look at.
  sight_.view.unlabelled.erase(change.id);
  sight_.view.labelled.insert_or_assign(change.id, *outcome.live);
}

Task<void> SetReconciler::prune(const PrunePlan& plan, std::set<KustomizationName> held) {
  held_ = std::move(held);
  std::vector<Change> changes;
  std::size_t postponed = 0;
  for (const Removal& removal : plan.removals) {
    if (held_.contains(removal.kustomization)) {
      ++postponed;
    } else {
      changes.push_back(removal_change(removal));
      const auto set = sets_.find(removal.kustomization);
      if (set != sets_.end()) changes.back().user = set->second.work->user;
    }
  }
  if (postponed > 0) voice_.prune_postponed(postponed);
  is_prune_postponed_ = postponed > 0;
  if (changes.empty()) co_return;
  Applier applier(cluster_, loop_, memory_.in_flight, memory_.index, settings_,
                  [this](const Outcome& outcome) { note_removal(outcome); });
  std::function<bool(const Change&, const LiveObject&)> still_meant = is_still_leaving;
  co_await applier.remove(changes, std::move(still_meant));
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

// Members that stay although they left Git, or that may.
std::set<ResourceId> SetReconciler::staying(const PrunePlan& plan) const {
  std::set<ResourceId> staying = failed_;
  staying.insert(terminating_.begin(), terminating_.end());
  for (const Kept& kept : plan.kept) staying.insert(kept.id);
  if (plan.refusal) {
    staying.insert(plan.refusal->removals.begin(), plan.refusal->removals.end());
  }
  for (const Removal& removal : plan.removals) {
    if (!removed_ids_.contains(removal.id)) staying.insert(removal.id);
  }
  return staying;
}

// Until then the guard counts by what there was before, whatever this rendering has added.
bool SetReconciler::is_settled(const SetWork& work, const PrunePlan& plan) const {
  if (plan.refusal || !sight_.view.unseen.empty()) return false;
  return std::ranges::none_of(plan.removals, [&](const Removal& removal) {
    return removal.kustomization == work.subject.name && held_.contains(removal.kustomization);
  });
}

Task<void> SetReconciler::finish(const PrunePlan& plan, std::string confirmed) {
  memory_.waiting = std::move(waiting_);
  const std::set<ResourceId> all_staying = staying(plan);
  TaskGroup group(parents_in_flight);
  for (auto& [name, set] : sets_) {
    if (set.work->stopped) continue;
    std::set<ResourceId> staying;
    for (const auto& [id, live] : sight_.view.labelled) {
      if (live.part_of != set.parent.id) continue;
      // What is terminating is still there and still ours.
      if (live.is_terminating || all_staying.contains(id)) staying.insert(id);
    }
    for (const ResourceId& id : failed_) {
      if (set.work->desired->find(id) != nullptr) staying.insert(id);
    }
    group.add(narrow(set, std::move(staying), plan, confirmed));
  }
  co_await group.wait();
  Task<void> removing = remove_empty_parents(plan);
  co_await removing;
}

Task<void> SetReconciler::narrow(SetParent& set, std::set<ResourceId> staying,
                                 const PrunePlan& plan, std::string confirmed) {
  const SetWork& work = *set.work;
  const DesiredSet& desired = *work.desired;
  Parent narrowed = narrowed_parent(set.parent, desired, staying, sight_.view.unlisted);
  narrowed.jobs = made_jobs(desired, memory_.index, set.parent);
  if (work.subject.is_root) narrowed.confirmed_prune = std::move(confirmed);
  if (is_settled(work, plan)) {
    narrowed.members = desired.objects().size();
    for (const Kept& kept : plan.kept) {
      if (kept.kustomization == work.subject.name) ++narrowed.members;
    }
  }
  if (says_the_same(narrowed, set.parent)) co_return;
  Result<std::string> written = co_await apply_parent(cluster_, std::move(narrowed), set.version);
  if (written) {
    set.version = std::move(*written);
  } else {
    voice_.stuck(work.subject, written.error());
  }
}

std::vector<LeavingSet> SetReconciler::leaving() const {
  return find_leaving(sight_.view, memory_.kustomizations, removed_ids_, terminating_);
}

// Of a set that left Git and of which nothing is left.
Task<void> SetReconciler::remove_empty_parents(const PrunePlan& plan) {
  const std::set<ResourceId> all_staying = staying(plan);
  std::set<std::string> in_use;
  for (const auto& [id, live] : sight_.view.labelled) {
    const bool is_gone = removed_ids_.contains(id) && !terminating_.contains(id);
    if (!is_gone) in_use.insert(live.part_of);
  }
  for (const auto& [id, live] : sight_.view.parents) {
    const KustomizationName& name = live.parent.kustomization;
    const bool is_in_git = memory_.kustomizations.contains(name);
    const bool may_have_more = std::ranges::any_of(
        live.parent.group_kinds,
        [this](const GroupKind& kind) { return sight_.view.unlisted.contains(kind); });
    if (is_in_git || in_use.contains(id) || may_have_more) continue;
    DeleteRequest request{.id = parent_id(name),
                          .version = "v1",
                          .uid = {},
                          .resource_version = live.resource_version};
    const Result<Removed> removed = co_await cluster_.remove(std::move(request));
    if (!removed) {
      const Subject subject = subject_of(name);
      voice_.stuck(subject, with_context("ApplySet parent", removed.error()));
    }
  }
}

}  // namespace primocane
