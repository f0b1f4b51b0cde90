// SPDX-License-Identifier: Apache-2.0
#include "reconcile/set_terms.hpp"

#include "reconcile/graph.hpp"
#include "resource/metadata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>

namespace primocane {

namespace {

OnRemoval on_removal(const KustomizationSpec& spec) {
  // The object of Flux's would stay in the cluster, and all that it applied with it.
  if (is_never_pruned(spec.object)) return OnRemoval::orphan;
  switch (spec.deletion_policy) {
    case DeletionPolicy::mirror_prune:
      return spec.is_pruning ? OnRemoval::prune : OnRemoval::orphan;
    case DeletionPolicy::remove:
      return OnRemoval::remove;
    case DeletionPolicy::wait_for_termination:
      return OnRemoval::remove_and_wait;
    case DeletionPolicy::orphan:
      return OnRemoval::orphan;
  }
  return OnRemoval::orphan;
}

// What a Kustomization that is suspended or without `prune` contained stays in Flux's cluster when
// it has left Git, and so does all that this one contains.
bool is_left_behind(const KustomizationStates& states, const KustomizationState& state) {
  std::optional<KustomizationName> above = state.container;
  for (std::size_t depth = 0; above && depth <= containment_depth_max; ++depth) {
    const auto container = states.find(*above);
    if (container == states.end()) return false;
    const KustomizationSpec& spec = container->second.spec;
    if (!spec.is_pruning || is_suspended(container->second)) return true;
    above = container->second.container;
  }
  return false;
}

std::chrono::seconds removal_wait(const KustomizationSpec& spec) {
  // Some year is for ever.
  constexpr std::chrono::seconds longest = std::chrono::hours(365 * 24);
  return std::min(std::chrono::ceil<std::chrono::seconds>(spec.timeout), longest);
}

}  // namespace

LeavingTerms leaving_terms(const KustomizationStates& states, const KustomizationState& state) {
  const OnRemoval policy =
      is_left_behind(states, state) ? OnRemoval::orphan : on_removal(state.spec);
  const bool waits = policy == OnRemoval::remove_and_wait;
  return {.on_removal = policy,
          .wait = waits ? removal_wait(state.spec) : std::chrono::seconds::zero()};
}

// https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/
std::string user_of(const KustomizationSpec& spec) {
  if (spec.service_account.empty()) return {};
  return fmt::format("system:serviceaccount:{}:{}", spec.name.namespace_name, spec.service_account);
}

Desire desire_of(const KustomizationState& state) {
  return {.name = state.spec.name,
          .set = state.rendered ? &state.rendered->desired : nullptr,
          .is_pruning = state.spec.is_pruning,
          .loses_nothing = state.fault.has_value(),
          .drift = state.spec.drift};
}

}  // namespace primocane
