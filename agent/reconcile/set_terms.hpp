// SPDX-License-Identifier: Apache-2.0
// On which terms the set of a Kustomization is applied, pruned and left, by what its spec and those
// that contain it say. Pure functions over the states.
#pragma once

#include "plan/plan.hpp"
#include "reconcile/kustomization_state.hpp"
#include "resource/applyset.hpp"

#include <chrono>
#include <string>

namespace primocane {

/// What becomes of the objects once the Kustomization has left Git, and how long a pass looks for
/// their end: zero if it does not.
struct LeavingTerms {
  OnRemoval on_removal = OnRemoval::prune;
  std::chrono::seconds wait{};
};

/// spec.deletionPolicy and spec.prune, of `state` and of all of `states` that contain it.
[[nodiscard]] LeavingTerms leaving_terms(const KustomizationStates& states,
                                         const KustomizationState& state);

/// Whose rights the requests for a Kustomization have; "" for our own.
[[nodiscard]] std::string user_of(const KustomizationSpec& spec);

/// What it desires, for a plan.
[[nodiscard]] Desire desire_of(const KustomizationState& state);

}  // namespace primocane
