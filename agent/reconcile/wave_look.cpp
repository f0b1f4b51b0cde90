// SPDX-License-Identifier: Apache-2.0
#include "reconcile/wave_look.hpp"

#include <algorithm>
#include <utility>

namespace primocane {

// Gives the desired objects the namespaces that the server will give them.
Task<Result<void>> WaveLook::resolve_all(std::vector<KustomizationState*> states) {
  std::set<GroupKind> kinds = kinds_of_parents(sight_.view);
  kinds.merge(recorded_kinds());
  for (const KustomizationState* state : states) {
    for (const DesiredObject& object : state->rendered->desired.objects()) {
      kinds.insert(object.id.group_kind());
    }
  }
  CO_TRY(sight_.catalog, co_await look_up_kinds(cluster_, std::move(kinds)));
  for (KustomizationState* state : states) {
    const Result<void> resolved = resolve(*state);
    if (!resolved && !state->container) co_return std::unexpected(resolved.error());
    if (!resolved) voice_.stuck(subject_of(*state), resolved.error());
  }
  co_return Result<void>();
}

// Fills the view.
Task<Result<void>> WaveLook::look(std::vector<KustomizationState*> states) {
  std::vector<const DesiredSet*> desired;
  desired.reserve(states.size());
  for (const KustomizationState* state : states) desired.push_back(&state->rendered->desired);
  CO_CHECK(co_await observe(cluster_, sight_, std::move(desired), recorded_kinds()));
  tell_unseen();
  note_complete_jobs();
  co_return Result<void>();
}

// Those of the index as well: a parent that was deleted says nothing of what left Git since.
std::set<GroupKind> WaveLook::recorded_kinds() const {
  std::set<GroupKind> kinds;
  for (const auto& [id, record] : memory_.index) kinds.insert(id.group_kind());
  return kinds;
}

// Done once for each rendering; again while some of its kinds are not served.
Result<void> WaveLook::resolve(KustomizationState& state) {
  RenderedSet& rendered = *state.rendered;
  if (rendered.is_resolved) return {};
  std::vector<DesiredObject> objects = std::move(rendered.desired).release();
  rendered.is_resolved = std::ranges::all_of(objects, [this](const DesiredObject& object) {
    return sight_.catalog.contains(object.id.group_kind());
  });
  Result<DesiredSet> resolved =
      DesiredSet::make(state.spec.name, resolve_namespaces(std::move(objects), sight_.catalog));
  if (resolved) {
    rendered.desired = std::move(*resolved);
    return {};
  }
  state.unrenderable.add(rendered.key, resolved.error());
  state.rendered.reset();
  settlement_.note_failure(state, "BuildFailed", resolved.error());
  return std::unexpected(std::move(resolved).error());
}

// A Job that is gone after it was complete has done its work.
void WaveLook::note_complete_jobs() {
  for (const auto& [id, live] : sight_.view.labelled) {
    if (!live.is_complete) continue;
    const auto record = memory_.index.find(id);
    const bool is_same = record != memory_.index.end() && record->second.uid == live.uid;
    if (is_same) record->second.is_complete = true;
  }
}

// Desired objects of such kinds tell it themselves.
void WaveLook::tell_unseen() {
  for (const auto& [kind, error] : sight_.view.unseen) {
    if (!told_.insert(kind).second) continue;
    bool is_desired = false;
    for (const auto& [name, state] : memory_.kustomizations) {
      if (!state.rendered) continue;
      is_desired = is_desired || std::ranges::any_of(state.rendered->desired.objects(),
                                                     [&kind](const DesiredObject& object) {
                                                       return object.id.group_kind() == kind;
                                                     });
    }
    if (!is_desired) voice_.problem({}, error, EventKind::pass_failed);
  }
}

}  // namespace primocane
