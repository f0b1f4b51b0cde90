// SPDX-License-Identifier: Apache-2.0
#include "reconcile/release_state.hpp"

#include "reconcile/release_sets.hpp"

namespace primocane {

std::optional<Health> unhealthy_release(const ReleaseStates& releases, const ResourceId& id) {
  const auto found = releases.find(placed_release(id));
  if (found == releases.end() || found->second.is_ready()) return std::nullopt;
  const ReleaseState& release = found->second;
  if (release.failure) {
    return Health{.status = HealthStatus::in_progress, .message = release.failure->message};
  }
  if (release.health.status == HealthStatus::current) return std::nullopt;
  return release.health;
}

}  // namespace primocane
