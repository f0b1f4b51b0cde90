// SPDX-License-Identifier: Apache-2.0
// In which order the Kustomizations of a pass run: what contains another before it, what another
// depends on first. Pure decisions.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "reconcile/kustomization_state.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// The reason of one that waits for those it depends on.
inline constexpr std::string_view dependency_not_ready = "DependencyNotReady";

/// A Kustomization that does not run in this pass, and why.
struct HeldBack {
  KustomizationName name;
  std::string reason;  ///< Flux's, for the condition Ready
  Error error;         ///< `unavailable`: it may run when another one is ready
};

/// What may run next.
struct Wave {
  std::vector<KustomizationName> runs;       ///< all at the same time
  std::vector<KustomizationName> suspended;  ///< done with, as they are
  std::vector<HeldBack> held_back;           ///< done with
};

/// Whether the Kustomization `dependency` names is ready for the one that depends on it; an error
/// says what it waits for.
using IsReady =
    std::function<Result<void>(const KustomizationState& dependant, const Dependency& dependency)>;

/// How far a pass has come.
struct Progress {
  std::set<KustomizationName> ran;   ///< what they contain may run
  std::set<KustomizationName> done;  ///< of them, and of those that won't run: what depends on them

  /// Whether the pass has run `name`, or will not.
  [[nodiscard]] bool is_over(const KustomizationName& name) const {
    return ran.contains(name) || done.contains(name);
  }
};

/// What of `states` may run now. Nothing at all once every one has run or will not.
[[nodiscard]] Wave next_wave(const KustomizationStates& states, const Progress& progress,
                             const IsReady& is_ready);

/// What waits for one of `names` by its dependencies, or for what does.
[[nodiscard]] std::set<KustomizationName> waiting_for(const KustomizationStates& states,
                                                      const std::set<KustomizationName>& names);

/// What most likely runs next while a wave runs: all that it waits for runs or has run.
[[nodiscard]] std::vector<KustomizationName> likely_next(const KustomizationStates& states,
                                                         const Progress& progress);

}  // namespace primocane
