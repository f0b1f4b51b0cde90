// SPDX-License-Identifier: Apache-2.0
#include "reconcile/fights.hpp"

#include "resource/field_paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t reverts_in_peace = 5;
constexpr Duration window = std::chrono::minutes(1);
constexpr Duration first_rest = std::chrono::seconds(2);
constexpr Duration longest_rest = std::chrono::minutes(5);
constexpr Duration calm = std::chrono::minutes(10);

std::string_view advice_against(const Opponent& opponent) {
  const auto touches = [&opponent](std::string_view field) {
    return std::ranges::any_of(opponent.fields,
                               [field](const std::string& path) { return path.ends_with(field); });
  };
  if (touches(".spec.replicas")) {
    return "do not declare replicas beside an autoscaler, or name the field in spec.ignore of the "
           "Kustomization";
  }
  if (touches(".caBundle")) {
    return "leave the caBundle to who fills it in: do not declare it, or name it in spec.ignore of "
           "the Kustomization";
  }
  if (opponent.manager.starts_with("kubectl")) {
    return "change it in Git instead, or suspend the Kustomization there meanwhile";
  }
  return "let one of the two decide: take the field out of Git, name it in spec.ignore of the "
         "Kustomization, or stop the other";
}

}  // namespace

void Fights::note(const ResourceId& id, SteadyTime now, Opponent opponent) {
  Fight& fight = fights_[id];
  // Which fields it was is not known each time.
  const bool is_less = opponent.fields.empty() && opponent.manager == fight.opponent.manager;
  if (!is_less) fight.opponent = std::move(opponent);
  std::erase_if(fight.reverts, [now](SteadyTime time) { return now - time > window; });
  fight.reverts.push_back(now);
  if (!fight.is_begun) {
    fight.is_begun = fight.reverts.size() > reverts_in_peace;
    fight.next_rest = first_rest;
  }
  fight.rest_end = now;
  if (!fight.is_begun) return;
  fight.reverts.clear();
  fight.rest_end = now + fight.next_rest;
  fight.next_rest = std::min(fight.next_rest * 2, longest_rest);
}

std::set<ResourceId> Fights::resting(SteadyTime now) {
  std::erase_if(fights_, [now](const auto& entry) { return now - entry.second.rest_end > calm; });
  std::set<ResourceId> resting;
  for (const auto& [id, fight] : fights_) {
    if (now < fight.rest_end) resting.insert(id);
  }
  return resting;
}

std::optional<SteadyTime> Fights::rest_end(const ResourceId& id, SteadyTime now) const {
  const auto fight = fights_.find(id);
  if (fight == fights_.end() || now >= fight->second.rest_end) return std::nullopt;
  return fight->second.rest_end;
}

const Opponent* Fights::opponent(const ResourceId& id) const {
  const auto fight = fights_.find(id);
  return fight == fights_.end() || !fight->second.is_begun ? nullptr : &fight->second.opponent;
}

std::map<ResourceId, Opponent> Fights::all() const {
  std::map<ResourceId, Opponent> all;
  for (const auto& [id, fight] : fights_) {
    if (fight.is_begun) all.emplace(id, fight.opponent);
  }
  return all;
}

std::string describe_fight(const Opponent& opponent) {
  const std::string fields =
      opponent.fields.empty() ? "" : fmt::format(" ({})", describe_fields(opponent.fields));
  return fmt::format("{} changes it again and again{}, and it is reverted ever more rarely: {}",
                     opponent.manager.empty() ? "somebody" : opponent.manager, fields,
                     advice_against(opponent));
}

}  // namespace primocane
