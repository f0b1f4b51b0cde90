// SPDX-License-Identifier: Apache-2.0
// Awaited news: which of the objects that Kustomizations wait for are not any more as they were
// when their health was last looked at, as far as watches show it. Pure functions.
#pragma once

#include "base/clock.hpp"
#include "reconcile/kustomization_state.hpp"
#include "reconcile/live_cluster.hpp"
#include "resource/resource_id.hpp"

#include <cstdint>
#include <optional>

namespace primocane {

/// What a pass that waits for health looks at.
enum class HealthLook : std::uint8_t {
  due,   ///< what may have changed, also where no watch would show it
  news,  ///< only what a watch has shown to be another one or in another state
};

/// Whether to look again at `id`, for which `state` waits.
[[nodiscard]] bool is_worth_a_look(const KustomizationState& state, const LiveCluster& live,
                                   const ResourceId& id, HealthLook look);

/// Whether one of `states` is in its health window and waits for `id`, which is not as it was.
[[nodiscard]] bool is_awaited_news(const KustomizationStates& states, const LiveCluster& live,
                                   const ResourceId& id, SteadyTime now);
/// Whether that holds for any object.
[[nodiscard]] bool has_awaited_news(const KustomizationStates& states, const LiveCluster& live,
                                    SteadyTime now);

/// When the first health window that is open ends.
[[nodiscard]] std::optional<SteadyTime> next_health_deadline(const KustomizationStates& states,
                                                             SteadyTime now);

}  // namespace primocane
