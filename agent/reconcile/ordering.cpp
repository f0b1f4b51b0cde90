// SPDX-License-Identifier: Apache-2.0
#include "reconcile/ordering.hpp"

#include "reconcile/graph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace primocane {

namespace {

enum class Contained : std::uint8_t { waits_for_container, runs_alone };

class WaveChoice {
 public:
  WaveChoice(const KustomizationStates& states, const Progress& progress, const IsReady& is_ready)
      : states_(states),
        progress_(progress),
        is_ready_(is_ready),
        cycles_(dependency_cycles(states)) {}

  Wave run() {
    choose(Contained::waits_for_container);
    // One that depends on what it contains itself would wait for ever.
    if (is_stuck()) choose(Contained::runs_alone);
    if (is_stuck()) hold_back_the_rest();
    return std::move(wave_);
  }

 private:
  bool is_stuck() const {
    return wave_.runs.empty() && wave_.suspended.empty() && wave_.held_back.empty();
  }

  void choose(Contained contained) {
    for (const auto& [name, state] : states_) {
      if (progress_.is_over(name)) continue;
      if (state.fault) {
        hold_back(name, "InvalidSpecification", *state.fault);
      } else if (is_suspended(state)) {
        wave_.suspended.push_back(name);
      } else if (const auto cycle = cycles_.find(name); cycle != cycles_.end()) {
        hold_back(name, dependency_not_ready,
                  {ErrorKind::invalid, fmt::format("spec.dependsOn: {} waits for itself: {}",
                                                   to_string(name), cycle->second)});
      } else if (contained == Contained::runs_alone || may_follow_container(state)) {
        look_at_dependencies(name, state);
      }
    }
  }

  bool may_follow_container(const KustomizationState& state) const {
    return !state.container || progress_.is_over(*state.container);
  }

  void look_at_dependencies(const KustomizationName& name, const KustomizationState& state) {
    std::optional<Error> unready;
    for (const Dependency& dependency : state.spec.depends_on) {
      if (!states_.contains(dependency.name) || !progress_.done.contains(dependency.name)) return;
      Result<void> ready = is_ready_(state, dependency);
      if (!ready && !unready) unready = std::move(ready).error();
    }
    if (unready) {
      hold_back(name, dependency_not_ready, std::move(*unready));
    } else {
      wave_.runs.push_back(name);
    }
  }

  // What is left waits for one that is not there, or for one that waits for such a one.
  void hold_back_the_rest() {
    for (const auto& [name, state] : states_) {
      if (progress_.is_over(name)) continue;
      for (const Dependency& dependency : state.spec.depends_on) {
        if (states_.contains(dependency.name)) continue;
        hold_back(
            name, dependency_not_ready,
            {ErrorKind::unavailable, fmt::format("spec.dependsOn: Kustomization {} is not in Git",
                                                 to_string(dependency.name))});
        break;
      }
    }
  }

  void hold_back(const KustomizationName& name, std::string_view reason, Error error) {
    wave_.held_back.push_back({name, std::string(reason), std::move(error)});
  }

  const KustomizationStates& states_;
  const Progress& progress_;
  const IsReady& is_ready_;
  std::map<KustomizationName, std::string> cycles_;
  Wave wave_;
};

}  // namespace

Wave next_wave(const KustomizationStates& states, const Progress& progress,
               const IsReady& is_ready) {
  return WaveChoice(states, progress, is_ready).run();
}

std::set<KustomizationName> waiting_for(const KustomizationStates& states,
                                        const std::set<KustomizationName>& names) {
  std::map<KustomizationName, std::vector<KustomizationName>> dependants;
  for (const auto& [name, state] : states) {
    for (const Dependency& dependency : state.spec.depends_on) {
      dependants[dependency.name].push_back(name);
    }
  }
  std::set<KustomizationName> found;
  std::vector<KustomizationName> open(names.begin(), names.end());
  while (!open.empty()) {
    const auto behind = dependants.find(open.back());
    open.pop_back();
    if (behind == dependants.end()) continue;
    for (const KustomizationName& name : behind->second) {
      if (found.insert(name).second) open.push_back(name);
    }
  }
  return found;
}

std::vector<KustomizationName> likely_next(const KustomizationStates& states,
                                           const Progress& progress) {
  std::vector<KustomizationName> next;
  for (const auto& [name, state] : states) {
    if (progress.is_over(name) || state.fault || is_suspended(state)) continue;
    if (!state.container || !progress.is_over(*state.container)) continue;
    const bool is_free = std::ranges::all_of(
        state.spec.depends_on,
        [&progress](const Dependency& dependency) { return progress.is_over(dependency.name); });
    if (is_free) next.push_back(name);
  }
  return next;
}

}  // namespace primocane
