// SPDX-License-Identifier: Apache-2.0
#include "reconcile/previewed_graph.hpp"

#include "base/task_group.hpp"
#include "reconcile/graph.hpp"
#include "reconcile/parents.hpp"
#include "reconcile/release_sets.hpp"
#include "reconcile/set_terms.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <set>
#include <string>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t previewed_at_once = 2;

// No coroutine: GCC 12 lets lambdas in one capture nothing.
IsReady always_ready() {
  return [](const KustomizationState&, const Dependency&) { return Result<void>(); };
}

}  // namespace

PreviewedGraph::PreviewedGraph(PreviewParts parts, const PassSettings& settings)
    : parts_(parts),
      settings_(settings),
      voice_(silence_, memory_, report_),
      planned_(parts.cluster, memory_.kustomizations),
      renderings_(parts.renderer, parts.repository, planned_, parts.sources, parts.keys, sight_,
                  {.limits = settings.limits, .objects_max = settings.objects_max}),
      settlement_(parts.cluster, parts.loop, memory_, parts.sources, voice_),
      root_(parts.repository, parts.cluster, sight_, memory_, parts.sources, renderings_,
            settlement_, voice_,
            {.name = settings.name, .path = settings.path, .repository = settings.repository}),
      look_(parts.cluster, sight_, memory_, settlement_, voice_) {}

Task<Result<void>> PreviewedGraph::look() {
  root_.begin();
  CO_CHECK(co_await look_at_parents(parts_.cluster, sight_, root_.name()));
  CO_CHECK(co_await root_.render_as_itself());
  co_await render_all();
  CO_CHECK(co_await look_.resolve_all(rendered()));
  CO_CHECK(co_await look_.look(rendered()));
  co_return Result<void>();
}

// What is contained in what was rendered last, until there is nothing new.
Task<void> PreviewedGraph::render_all() {
  note_tried(root_.name());
  const IsReady always = always_ready();
  for (;;) {
    const GraphContent content = grow(memory_.kustomizations, root_.name(), settings_.repository);
    parts_.sources.declare(content.objects, settings_.repository);
    const Wave wave = next_wave(memory_.kustomizations, settlement_.progress(), always);
    for (const HeldBack& held : wave.held_back) settlement_.hold_back(held);
    if (wave.runs.empty() && wave.suspended.empty() && wave.held_back.empty()) {
      for (const GraphFault& fault : content.faults) voice_.problem(fault.object, fault.error);
      co_return;
    }
    co_await render_wave(wave);
  }
}

// What is suspended is not applied, but what it desires is nobody else's, and not pruned.
Task<void> PreviewedGraph::render_wave(Wave wave) {
  std::ranges::move(wave.suspended, std::back_inserter(wave.runs));
  std::set<SourceReference> references;
  for (const KustomizationName& name : wave.runs) {
    note_tried(name);
    references.insert(memory_.kustomizations.at(name).spec.source);
  }
  co_await parts_.sources.update(std::move(references), planned_, false);
  TaskGroup rendering(previewed_at_once);
  for (const KustomizationName& name : wave.runs) {
    rendering.add(render(memory_.kustomizations.at(name)));
  }
  co_await rendering.wait();
}

void PreviewedGraph::note_tried(const KustomizationName& name) {
  settlement_.begin(name);
  settlement_.skip(name);
}

Task<void> PreviewedGraph::render(KustomizationState& state) {
  const Result<void> rendered = co_await renderings_.refresh(state);
  if (rendered) co_return;
  voice_.render_failed(subject_of(state), parts_.sources.revision_words(state.spec.source),
                       rendered.error());
}

std::vector<KustomizationState*> PreviewedGraph::rendered() {
  std::vector<KustomizationState*> states;
  for (auto& [name, state] : memory_.kustomizations) {
    if (state.rendered) states.push_back(&state);
  }
  return states;
}

std::vector<std::string> PreviewedGraph::secrets_of(const KustomizationName& name) const {
  const auto state = memory_.kustomizations.find(name);
  if (state == memory_.kustomizations.end() || !state->second.rendered) return {};
  return state->second.rendered->secrets;
}

std::vector<Desire> PreviewedGraph::applied() const { return desires(true); }
std::vector<Desire> PreviewedGraph::resting() const { return desires(false); }

// Which charts and values HelmReleases come to is the agent's to find out: what they have stays.
std::vector<Desire> PreviewedGraph::desires(bool is_applied) const {
  std::vector<Desire> desires;
  for (const auto& [name, state] : memory_.kustomizations) {
    const bool would_run = state.rendered && !state.fault && !is_suspended(state);
    if (would_run != is_applied) continue;
    desires.push_back(desire_of(state));
    desires.back().is_forcing = state.spec.is_forcing;
    desires.back().user = user_of(state.spec);
    if (state.rendered) desires.back().expected = unknown_objects(state.rendered->contained, {});
  }
  return desires;
}

}  // namespace primocane
