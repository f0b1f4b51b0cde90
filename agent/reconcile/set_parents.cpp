// SPDX-License-Identifier: Apache-2.0
// What SetReconciler does with the parents of sets: widened before anything is written, narrowed at
// the end of the pass.
#include "base/task_group.hpp"
#include "reconcile/parents.hpp"
#include "reconcile/set_reconciler.hpp"

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t parents_in_flight = 4;

}  // namespace

Task<void> SetReconciler::claim(std::vector<SetWork*> works) {
  std::vector<SetParent*> changed;
  for (SetWork* work : works) {
    SetParent& set = sets_[work->subject.name];
    set.work = work;
    if (widen(set)) changed.push_back(&set);
  }
  if (changed.empty()) co_return;
  std::set<KustomizationName> names;
  for (const SetParent* set : changed) names.insert(set->work->subject.name);
  Result<void> can_write = co_await require_leave(Need::undone, std::move(names));
  if (can_write) {
    Result<void> made = co_await make_namespace();
    if (!made && !cluster_.is_answering()) {
      can_write = std::move(made);  // each request takes its whole time then
    } else {
      ignore(made, "the parents can't be written then, which tells it");
    }
  }
  if (!can_write) {
    stop_all(works, can_write.error());
    co_return;
  }
  TaskGroup group(parents_in_flight);
  for (SetParent* set : changed) group.add(write_widened(*set));
  co_await group.wait();
}

// kustomize-controller deletes nothing of what is suspended (finalizerShouldDeleteResources).
Task<void> SetReconciler::suspend(std::vector<KustomizationName> names) {
  std::vector<LiveParent*> changed;
  for (const KustomizationName& name : names) {
    const auto live = sight_.view.parents.find(applyset_id(name));
    if (live == sight_.view.parents.end()) continue;
    if (live->second.parent.on_removal != OnRemoval::orphan) changed.push_back(&live->second);
  }
  if (changed.empty()) co_return;
  const bool is_allowed = co_await may_write();
  if (!is_allowed) co_return;
  TaskGroup group(parents_in_flight);
  for (LiveParent* live : changed) group.add(write_suspended(*live));
  co_await group.wait();
}

Task<void> SetReconciler::write_suspended(LiveParent& live) {
  Parent parent = live.parent;
  parent.on_removal = OnRemoval::orphan;
  parent.removal_wait = {};
  parent.writer = writer();
  Result<std::string> written = co_await apply_parent(cluster_, parent, live.resource_version);
  if (written) {
    live.parent = std::move(parent);
    live.resource_version = std::move(*written);
    memory_.parent_versions.insert_or_assign(live.parent.id, live.resource_version);
  } else {
    voice_.stuck(subject_of(live.parent.kustomization), written.error());
  }
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
// Whether there is anything to write.
bool SetReconciler::widen(SetParent& set) const {
  const SetWork& work = *set.work;
  const LiveParent* const live = live_parent(sight_.view, work.subject.name);
  set.parent = widened_parent(*work.desired, live,
                              {.revision = work.subject.revision, .contained = work.contained});
  set.parent.on_removal = work.on_removal;
  set.parent.removal_wait = work.removal_wait;
  // Where there was nothing, nothing can have left.
  if (live == nullptr) set.parent.members = work.desired->objects().size();
  set.version = live == nullptr ? std::string() : live->resource_version;
  return live == nullptr || !says_the_same(live->parent, set.parent);
}

Task<void> SetReconciler::write_widened(SetParent& set) {
  set.parent.writer = writer();
  Result<std::string> written = co_await apply_parent(cluster_, set.parent, set.version);
  if (written) {
    set.version = std::move(*written);
    memory_.parent_versions.insert_or_assign(set.parent.id, set.version);
    memory_.claimed.insert_or_assign(set.work->subject.name, *set.parent.rendering);
  } else {
    set.work->stopped = std::move(written).error();
  }
}

// Members that stay although they left Git, or that may.
std::set<ResourceId> SetReconciler::staying(const PrunePlan& plan) const {
  std::set<ResourceId> staying = failed_;
  staying.insert(terminating_.begin(), terminating_.end());
  for (const Kept& kept : plan.kept) staying.insert(kept.id);
  if (plan.refusal) {
    staying.insert(plan.refusal->removals.begin(), plan.refusal->removals.end());
  }
  for (const std::vector<Removal>* leaving : {&plan.removals, &plan.let_go}) {
    for (const Removal& removal : *leaving) {
      if (!removed_ids_.contains(removal.id)) staying.insert(removal.id);
    }
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
  // What left Git has to be found again.
  if (!plan.waits_for) co_await narrow_all(plan, std::move(confirmed));
  Task<void> removing = remove_empty_parents(plan);
  co_await removing;
}

Task<void> SetReconciler::narrow_all(const PrunePlan& plan, std::string confirmed) {
  const std::set<ResourceId> all_staying = staying(plan);
  std::map<KustomizationName, Parent> narrowed;
  for (const auto& [name, set] : sets_) {
    if (set.work->stopped) continue;
    Parent parent = narrow(set, staying_of(set, all_staying), plan, confirmed);
    if (!says_the_same(parent, set.parent)) narrowed.emplace(name, std::move(parent));
  }
  // That is for the node that has written.
  const bool is_ours = turn_ == nullptr || turn_->is_first() || turn_->has_acted();
  bool can_narrow = !narrowed.empty() && is_ours;
  if (can_narrow) can_narrow = co_await may_write();
  TaskGroup group(parents_in_flight);
  for (auto& [name, parent] : narrowed) {
    if (can_narrow) group.add(write_narrowed(sets_.at(name), std::move(parent)));
  }
  co_await group.wait();
}

std::set<ResourceId> SetReconciler::staying_of(const SetParent& set,
                                               const std::set<ResourceId>& all_staying) const {
  std::set<ResourceId> staying;
  for (const auto& [id, live] : sight_.view.labelled) {
    if (live.part_of != set.parent.id) continue;
    // What is terminating is still there and still ours.
    if (live.is_terminating || all_staying.contains(id)) staying.insert(id);
  }
  for (const ResourceId& id : failed_) {
    if (set.work->desired->find(id) != nullptr) staying.insert(id);
  }
  return staying;
}

Parent SetReconciler::narrow(const SetParent& set, const std::set<ResourceId>& staying,
                             const PrunePlan& plan, const std::string& confirmed) const {
  const SetWork& work = *set.work;
  const DesiredSet& desired = *work.desired;
  Parent narrowed = narrowed_parent(set.parent, desired, staying, sight_.view.unlisted);
  narrowed.jobs = made_jobs(desired, memory_.index, set.parent);
  if (work.subject.is_root) narrowed.confirmed_prune = confirmed;
  if (is_settled(work, plan)) {
    narrowed.members = desired.objects().size();
    for (const Kept& kept : plan.kept) {
      if (kept.kustomization == work.subject.name) ++narrowed.members;
    }
  }
  return narrowed;
}

Task<void> SetReconciler::write_narrowed(SetParent& set, Parent parent) {
  parent.writer = writer();
  Result<std::string> written = co_await apply_parent(cluster_, std::move(parent), set.version);
  if (written) {
    set.version = std::move(*written);
    memory_.parent_versions.insert_or_assign(set.parent.id, set.version);
  } else {
    voice_.stuck(set.work->subject, written.error());
  }
}

// Of a set that left Git and of which nothing is left.
Task<void> SetReconciler::remove_empty_parents(const PrunePlan& plan) {
  if (sight_.listed.empty()) co_return;  // nothing ran, so nothing was looked at
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
    const bool is_allowed = co_await may_write();
    if (!is_allowed) co_return;
    DeleteRequest request{.id = parent_id(name),
                          .version = "v1",
                          .uid = {},
                          .resource_version = live.resource_version};
    const Result<Removed> removed = co_await cluster_.remove(std::move(request));
    memory_.parent_versions.erase(id);
    if (!removed) {
      const Subject subject = subject_of(name);
      voice_.stuck(subject, with_context("ApplySet parent", removed.error()));
    }
  }
}

}  // namespace primocane
