// SPDX-License-Identifier: Apache-2.0
#include "reconcile/graph_run.hpp"

#include "base/task_group.hpp"
#include "reconcile/health_checks.hpp"
#include "reconcile/parents.hpp"
#include "reconcile/pauses.hpp"
#include "reconcile/set_terms.hpp"
#include "resource/applyset.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace primocane {

namespace {

// Rendering takes a processor each; more than two children take each other's time.
constexpr std::size_t renderings_at_once = 2;

// No coroutine: GCC 12 lets lambdas in one capture nothing.
IsReady ready_test(const Settlement& settlement) {
  return [&settlement](const KustomizationState& dependant, const Dependency& dependency) {
    return settlement.dependency_ready(dependant, dependency);
  };
}

}  // namespace

GraphRun::GraphRun(GraphRunParts parts, ConfiguredRepository repository, bool is_asked_for,
                   std::function<void()> before_writing)
    : parts_(parts),
      repository_(std::move(repository)),
      is_asked_for_(is_asked_for),
      before_writing_(std::move(before_writing)),
      look_(parts.cluster, parts.sight, parts.memory, parts.settlement, parts.voice),
      recall_(parts.cluster, parts.sight, parts.sources, parts.renderings, parts.settlement,
              parts.voice) {}

Task<Result<void>> GraphRun::run(KustomizationName root) {
  take_up_content(root);
  const IsReady is_ready = ready_test(parts_.settlement);
  for (;;) {
    parts_.settlement.settle_pending();
    const Wave wave =
        next_wave(parts_.memory.kustomizations, parts_.settlement.progress(), is_ready);
    CO_CHECK(co_await skip_suspended(wave.suspended));
    CO_CHECK(co_await hold_back(wave.held_back));
    if (wave.runs.empty() && wave.suspended.empty() && wave.held_back.empty()) {
      if (!parts_.settlement.settle_the_rest()) break;
    }
    if (wave.runs.empty()) {
      take_up_content(root);
      continue;
    }
    std::vector<KustomizationState*> states = states_of(wave.runs);
    CO_CHECK(co_await run_wave(std::move(states)));
    take_up_content(root);
    co_await ask_awaited_sources(wave.runs);
    CO_CHECK(co_await settle_all(wave.runs));
  }
  co_return Result<void>();
}

Task<Result<void>> GraphRun::skip_suspended(std::vector<KustomizationName> names) {
  std::vector<KustomizationName> own;
  for (const KustomizationName& name : names) {
    const KustomizationState& state = parts_.memory.kustomizations.at(name);
    // While all is paused nothing is pruned, and afterwards all is as Git says then.
    if (state.spec.is_suspended || state.pause) own.push_back(name);
  }
  co_await parts_.sets.suspend(std::move(own));
  for (const KustomizationName& name : names) parts_.settlement.skip(name);
  Result<void> recalled = co_await recall(std::move(names));
  co_return recalled;
}

Task<Result<void>> GraphRun::hold_back(std::vector<HeldBack> all) {
  std::vector<KustomizationName> names;
  for (const HeldBack& held : all) {
    parts_.settlement.hold_back(held);
    names.push_back(held.name);
  }
  Result<void> recalled = co_await recall(std::move(names));
  co_return recalled;
}

Task<Result<void>> GraphRun::recall(std::vector<KustomizationName> names) {
  std::vector<KustomizationState*> recalled;
  for (KustomizationState* state : states_of(names)) {
    const bool is_back = co_await recall_.bring_back(*state, is_asked_for_);
    if (is_back) recalled.push_back(state);
  }
  if (recalled.empty()) co_return Result<void>();
  Result<void> resolved = co_await look_.resolve_all(std::move(recalled));
  co_return resolved;
}

// What the renderings contain: other Kustomizations and their sources.
void GraphRun::take_up_content(const KustomizationName& root) {
  content_ = grow(parts_.memory.kustomizations, root, repository_);
  mark_pauses(parts_.memory.kustomizations, parts_.memory.pauses, root);
  for (auto work = works_.begin(); work != works_.end();) {
    const bool is_gone = !parts_.memory.kustomizations.contains(work->first);
    if (is_gone) parts_.sets.forget(work->first);
    if (is_gone) parts_.settlement.forget(work->first);
    work = is_gone ? works_.erase(work) : std::next(work);
  }
  parts_.sources.declare(content_.objects, repository_);
}

Task<Result<void>> GraphRun::run_wave(std::vector<KustomizationState*> states) {
  co_await ask_sources(states);
  co_await render_all(states);
  drop_unrendered(states);
  co_await parts_.releases.plan(states);
  CO_CHECK(co_await look_.resolve_all(states));
  drop_unrendered(states);
  co_await drop_claimed(states);
  std::vector<SetWork*> works = works_of(states);
  Result<void> looked;
  TaskGroup before(2);  // neither needs the other
  before.add(look_at(states, looked));
  before.add(parts_.sets.claim(works));
  co_await before.wait();
  if (!looked) {
    forget_works(states);
    co_return looked;
  }
  const std::set<KustomizationName> holders = waiting_holders(states);
  for (const KustomizationName& name : holders) {
    co_await parts_.renderings.prepare(parts_.memory.kustomizations.at(name));
  }
  std::vector<Desire> others = others_than(states, holders);
  Result<void> applied;
  TaskGroup group(1 + renderings_at_once);
  group.add(apply(std::move(works), std::move(others), applied));
  for (const KustomizationName& name :
       likely_next(parts_.memory.kustomizations, parts_.settlement.progress())) {
    group.add(parts_.renderings.prepare(parts_.memory.kustomizations.at(name)));
  }
  co_await group.wait();
  CO_CHECK(applied);
  co_await parts_.releases.look(std::move(states), parts_.sight);
  co_return Result<void>();
}

// Nothing was compared.
void GraphRun::forget_works(const std::vector<KustomizationState*>& states) {
  for (const KustomizationState* state : states) {
    parts_.sets.forget(state->spec.name);
    works_.erase(state->spec.name);
  }
}

Task<void> GraphRun::look_at(std::vector<KustomizationState*> states, Result<void>& looked) {
  looked = co_await look_.look(std::move(states));
}

Task<void> GraphRun::apply(std::vector<SetWork*> works, std::vector<Desire> others,
                           Result<void>& applied) {
  applied = co_await parts_.sets.apply(std::move(works), std::move(others), before_writing_);
}

// A Kustomization that was in none of the new renderings is gone by now.
Task<Result<void>> GraphRun::settle_all(std::vector<KustomizationName> names) {
  for (const KustomizationName& name : names) {
    const auto state = parts_.memory.kustomizations.find(name);
    const auto work = works_.find(name);
    if (state == parts_.memory.kustomizations.end() || work == works_.end()) continue;
    CO_CHECK(co_await parts_.settlement.settle(state->second, work->second));
  }
  co_return Result<void>();
}

// What was never rendered has nothing to apply.
void GraphRun::drop_unrendered(std::vector<KustomizationState*>& states) {
  std::erase_if(states, [this](const KustomizationState* state) {
    if (!state->rendered) parts_.settlement.skip(state->spec.name);
    return !state->rendered;
  });
}

// What another node has applied stays until this one has caught up with it.
Task<void> GraphRun::drop_claimed(std::vector<KustomizationState*>& states) {
  std::vector<KustomizationState*> admitted;
  for (KustomizationState* state : states) {
    const Result<void> is_admitted = co_await parts_.claims.admit(*state);
    if (is_admitted) {
      admitted.push_back(state);
      continue;
    }
    parts_.settlement.leave(*state, is_admitted.error());
  }
  states = std::move(admitted);
}

// Those of what another node has applied otherwise at once: it may have seen more than this one.
Task<void> GraphRun::ask_sources(std::vector<KustomizationState*> states) {
  std::set<SourceReference> references;
  bool is_urgent = is_asked_for_;
  for (const KustomizationState* state : states) {
    references.insert(state->spec.source);
    is_urgent = is_urgent || (state->rendered && parts_.claims.is_others(*state));
  }
  co_await parts_.sources.update(std::move(references), parts_.cluster, is_urgent);
}

// Flux fetches every source; here one that only somebody's health hangs on is asked as well.
Task<void> GraphRun::ask_awaited_sources(std::vector<KustomizationName> names) {
  std::set<SourceReference> references;
  for (const KustomizationName& name : names) {
    const auto state = parts_.memory.kustomizations.find(name);
    const bool is_there =
        state != parts_.memory.kustomizations.end() && state->second.rendered.has_value();
    if (!is_there) continue;
    references.merge(awaited_sources(state->second, parts_.memory.kustomizations));
  }
  co_await parts_.sources.update(std::move(references), parts_.cluster, is_asked_for_);
}

Task<void> GraphRun::render_all(std::vector<KustomizationState*> states) {
  TaskGroup group(renderings_at_once);
  for (KustomizationState* state : states) {
    parts_.settlement.begin(state->spec.name);
    if (state->container) group.add(render(*state));
  }
  co_await group.wait();
}

// What can't be rendered leaves what was rendered last in force.
Task<void> GraphRun::render(KustomizationState& state) {
  const Result<void> rendered = co_await parts_.renderings.refresh(state);
  if (rendered) {
    parts_.settlement.recover(state.spec.name);
    co_return;
  }
  const Result<SourceContent> source = parts_.sources.find(state.spec.source);
  parts_.settlement.note_failure(state, source ? "BuildFailed" : "ArtifactFailed",
                                 rendered.error());
  parts_.voice.render_failed(subject_of(state), parts_.sources.revision_words(state.spec.source),
                             rendered.error());
  const std::optional<CommitId> last = commit_of_parent(parts_.sight.view, state.spec.name);
  const bool has_last = last && parts_.sources.is_configured(state.spec.source);
  if (state.rendered || !source || !has_last || source->commit == last) co_return;
  const Result<void> restored = co_await parts_.renderings.restore(state, *last);
  if (!restored) {
    parts_.voice.render_failed(subject_of(state), commit_words(*last), restored.error());
  }
}

std::vector<SetWork*> GraphRun::works_of(const std::vector<KustomizationState*>& states) {
  std::vector<SetWork*> works;
  for (const KustomizationState* state : states) {
    SetWork& work = works_[state->spec.name];
    work.subject = subject_of(*state);
    work.desired = &state->rendered->desired;
    work.contained = fingerprint_of_contained(*state->rendered);
    const LeavingTerms leaving = leaving_terms(parts_.memory.kustomizations, *state);
    work.on_removal = leaving.on_removal;
    work.removal_wait = leaving.wait;
    work.is_forcing = state->spec.is_forcing;
    work.drift = state->spec.drift;
    work.user = user_of(state->spec);
    works.push_back(&work);
  }
  return works;
}

// Those that have what `states` desire and wait for these: that they will let go of it can't be
// waited for.
std::set<KustomizationName> GraphRun::waiting_holders(
    const std::vector<KustomizationState*>& states) const {
  const ClusterView& view = parts_.sight.view;
  std::set<std::string> sets;  // that have what is desired here
  std::set<KustomizationName> names;
  for (const KustomizationState* state : states) {
    const std::string own = applyset_id(state->spec.name);
    names.insert(state->spec.name);
    for (const DesiredObject& object : state->rendered->desired.objects()) {
      const auto live = view.labelled.find(object.id);
      const bool is_held = live != view.labelled.end() && live->second.part_of != own;
      if (is_held) sets.insert(live->second.part_of);
    }
  }
  std::set<KustomizationName> holders;
  if (sets.empty()) return holders;
  for (const KustomizationName& name : waiting_for(parts_.memory.kustomizations, names)) {
    if (sets.contains(applyset_id(name))) holders.insert(name);
  }
  return holders;
}

// What the rest of the graph desires; what has not run yet may desire something else then. Of
// `holders` what they will desire counts, and nothing where that can't be known.
std::vector<Desire> GraphRun::others_than(const std::vector<KustomizationState*>& states,
                                          const std::set<KustomizationName>& holders) const {
  const Progress& progress = parts_.settlement.progress();
  std::vector<Desire> others;
  for (const auto& [name, state] : parts_.memory.kustomizations) {
    const bool is_one = std::ranges::find(states, &state) != states.end();
    if (is_one || !state.rendered) continue;
    const bool is_over = progress.is_over(name);
    Desire desire = desire_of(state);
    desire.is_current = is_over;
    if (!is_over && holders.contains(name)) {
      desire.set = parts_.renderings.prepared(name);
      desire.is_current = true;
    }
    if (desire.set != nullptr) others.push_back(desire);
  }
  return others;
}

std::vector<KustomizationState*> GraphRun::states_of(const std::vector<KustomizationName>& names) {
  std::vector<KustomizationState*> states;
  states.reserve(names.size());
  for (const KustomizationName& name : names) {
    states.push_back(&parts_.memory.kustomizations.at(name));
  }
  return states;
}

}  // namespace primocane
