// SPDX-License-Identifier: Apache-2.0
#include "reconcile/awaited_news.hpp"

#include "resource/resource_version.hpp"

#include <algorithm>
#include <string>

namespace primocane {

namespace {

// Whether the watches show more than was there at the last look; what they do not show they can't
// tell of.
bool has_moved_on(const KustomizationState& state, const LiveCluster& live, const ResourceId& id) {
  const auto seen = state.health_versions.find(id);
  if (seen == state.health_versions.end() || !live.shows(id.group_kind())) return false;
  const LiveObject* shown = live.find(id);
  const std::string version = shown == nullptr ? std::string() : shown->resource_version;
  return version != seen->second && !is_older_version(version, seen->second);
}

// By its own status alone, which an event would tell. A Pod may be waiting in vain by the clock.
bool shows_its_health(const KustomizationState& state, const ResourceId& id) {
  if (state.spec.health.covers(id.group, id.kind)) return true;
  return !depends_on_pods(id.group, id.kind) && id.group_kind() != GroupKind{"", "Pod"};
}

bool is_in_window(const KustomizationState& state, SteadyTime now) {
  return !state.unhealthy.empty() && now < state.health_deadline && !is_suspended(state);
}

}  // namespace

bool is_worth_a_look(const KustomizationState& state, const LiveCluster& live, const ResourceId& id,
                     HealthLook look) {
  if (has_moved_on(state, live, id)) return true;
  if (look == HealthLook::news) return false;
  const bool is_watched =
      state.health_versions.contains(id) && live.shows(id.group_kind()) && live.find(id) != nullptr;
  return !is_watched || !shows_its_health(state, id);
}

bool is_awaited_news(const KustomizationStates& states, const LiveCluster& live,
                     const ResourceId& id, SteadyTime now) {
  return std::ranges::any_of(states, [&](const auto& entry) {
    const KustomizationState& state = entry.second;
    return is_in_window(state, now) && state.unhealthy.contains(id) &&
           has_moved_on(state, live, id);
  });
}

bool has_awaited_news(const KustomizationStates& states, const LiveCluster& live, SteadyTime now) {
  return std::ranges::any_of(states, [&](const auto& entry) {
    const KustomizationState& state = entry.second;
    return is_in_window(state, now) &&
           std::ranges::any_of(state.unhealthy, [&](const auto& object) {
             return has_moved_on(state, live, object.first);
           });
  });
}

std::optional<SteadyTime> next_health_deadline(const KustomizationStates& states, SteadyTime now) {
  std::optional<SteadyTime> next;
  for (const auto& [name, state] : states) {
    if (!is_in_window(state, now)) continue;
    next = std::min(next.value_or(state.health_deadline), state.health_deadline);
  }
  return next;
}

}  // namespace primocane
