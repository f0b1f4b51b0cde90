// SPDX-License-Identifier: Apache-2.0
#include "reconcile/fights.hpp"

#include <algorithm>
#include <chrono>

namespace primocane {

namespace {

constexpr Duration first_rest = std::chrono::minutes(1);
constexpr Duration longest_rest = std::chrono::hours(1);
constexpr Duration peace = std::chrono::hours(1);

}  // namespace

void Fights::note(const ResourceId& id, SteadyTime now) {
  const auto [fight, is_new] =
      fights_.try_emplace(id, Fight{.rest_end = now, .next_rest = first_rest});
  if (is_new) return;
  Fight& known = fight->second;
  known.rest_end = now + known.next_rest;
  known.next_rest = std::min(known.next_rest * 2, longest_rest);
}

std::set<ResourceId> Fights::resting(SteadyTime now) {
  std::erase_if(fights_, [now](const auto& entry) { return now - entry.second.rest_end > peace; });
  std::set<ResourceId> resting;
  for (const auto& [id, fight] : fights_) {
    if (now < fight.rest_end) resting.insert(id);
  }
  return resting;
}

}  // namespace primocane
