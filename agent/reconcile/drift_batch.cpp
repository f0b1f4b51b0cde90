// SPDX-License-Identifier: Apache-2.0
#include "reconcile/drift_batch.hpp"

#include "reconcile/ordering.hpp"
#include "reconcile/set_terms.hpp"

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

// What is suspended, or waits for others, is left as it is (kustomize-controller).
bool is_at_rest(const KustomizationState& state) {
  return is_suspended(state) || state.readiness.reason == dependency_not_ready;
}

}  // namespace

const KustomizationState* applying_state(const PassMemory& memory, const ResourceId& id) {
  const auto record = memory.index.find(id);
  if (record == memory.index.end()) return nullptr;
  const KustomizationState* found = nullptr;
  for (const auto& [name, state] : memory.kustomizations) {
    if (!state.rendered) continue;
    const DesiredObject* desired = state.rendered->desired.find(id);
    if (desired == nullptr) continue;
    // Whatever another one desires of it.
    if (is_at_rest(state)) return nullptr;
    if (desired->hash == record->second.desired) found = &state;
  }
  return found;
}

const DesiredObject* applied_object(const PassMemory& memory, const ResourceId& id) {
  const KustomizationState* state = applying_state(memory, id);
  return state == nullptr ? nullptr : state->rendered->desired.find(id);
}

DriftBatch::DriftBatch(const PassMemory& memory, const LiveCluster& live, Suspects suspects)
    : suspects_(std::move(suspects)) {
  std::erase_if(suspects_, [&memory](const auto& entry) {
    return applied_object(memory, entry.first) == nullptr;
  });
  for (const auto& [name, state] : memory.kustomizations) {
    if (!state.rendered) continue;
    std::vector<DesiredObject> objects;
    for (const auto& [id, suspect] : suspects_) {
      const DesiredObject* desired = state.rendered->desired.find(id);
      if (desired != nullptr) objects.push_back(*desired);
    }
    if (objects.empty()) continue;
    // A part of a set that fits together fits together.
    Result<DesiredSet> set = DesiredSet::make(name, std::move(objects));
    if (!set) continue;
    Desire terms = desire_of(state);
    terms.is_forcing = state.spec.is_forcing;
    terms.user = user_of(state.spec);
    parts_.emplace(
        name,
        Part{.subject = subject_of(state), .set = std::move(*set), .terms = std::move(terms)});
  }
  for (const auto& [id, suspect] : suspects_) {
    if (const LiveObject* object = live.find(id)) view_.labelled.emplace(id, *object);
  }
  live.copy_parents_to(view_);
}

std::set<ResourceId> DriftBatch::absent() const {
  std::set<ResourceId> absent;
  for (const auto& [id, suspect] : suspects_) {
    if (!view_.labelled.contains(id)) absent.insert(id);
  }
  return absent;
}

Plan DriftBatch::plan(const AppliedIndex& index) const {
  std::vector<Desire> desires;
  for (const auto& [name, part] : parts_) {
    desires.push_back(part.terms);
    desires.back().set = &part.set;
  }
  Plan plan = make_plan({.desires = std::move(desires), .view = view_, .index = index});
  for (Stage& stage : plan.stages) {
    std::erase_if(stage.changes, [&index](const Change& change) {
      const auto record = index.find(change.id);
      const bool is_same = record != index.end() && record->second.desired == change.desired->hash;
      return change.action != Action::revert || !is_same;
    });
  }
  std::erase_if(plan.stages, [](const Stage& stage) { return stage.changes.empty(); });
  return plan;
}

std::vector<ResourceId> DriftBatch::all_but(const Plan& plan) const {
  std::set<ResourceId> changed;
  for (const Drifted& drifted : plan.drifted) changed.insert(drifted.id);
  for (const Stage& stage : plan.stages) {
    for (const Change& change : stage.changes) changed.insert(change.id);
  }
  std::vector<ResourceId> others;
  for (const auto& [id, suspect] : suspects_) {
    if (!changed.contains(id)) others.push_back(id);
  }
  return others;
}

const Subject& DriftBatch::subject(const KustomizationName& name) const {
  return parts_.at(name).subject;
}

const Suspect* DriftBatch::suspect(const ResourceId& id) const {
  const auto found = suspects_.find(id);
  return found == suspects_.end() ? nullptr : &found->second;
}

}  // namespace primocane
