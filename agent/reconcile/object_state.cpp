// SPDX-License-Identifier: Apache-2.0
#include "reconcile/object_state.hpp"

#include "base/quantity.hpp"
#include "plan/as_written.hpp"
#include "reconcile/explain.hpp"
#include "reconcile/graph.hpp"
#include "reconcile/ordering.hpp"
#include "reconcile/release_sets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace primocane {

namespace {

// What the status says is wrong with it, or "".
std::string problem_of(const ResourceId& id, const Status& status) {
  const auto problem = std::ranges::find(status.problems, to_string(id), &Problem::object);
  return problem == status.problems.end() ? std::string() : problem->message;
}

std::optional<ObjectStanding> standing_apart(const DesiredObject& desired,
                                             const KustomizationState& state,
                                             const LiveObject* live) {
  if (live != nullptr && live->is_excluded) {
    return ObjectStanding{ObjectState::left_alone,
                          "annotations of the object in the cluster say so"};
  }
  if (desired.apply_when == ApplyWhen::never) {
    return ObjectStanding{ObjectState::left_alone, "its annotations in Git say so"};
  }
  if (desired.apply_when == ApplyWhen::absent && live != nullptr) {
    return ObjectStanding{ObjectState::left_alone,
                          "its annotations in Git say that it is made where there is none"};
  }
  if (is_suspended(state)) return ObjectStanding{ObjectState::suspended};
  if (state.readiness.reason == dependency_not_ready) {
    return ObjectStanding{ObjectState::waiting, state.readiness.message};
  }
  return std::nullopt;
}

ObjectStanding standing_in_fight(const ResourceId& id, const Opponent& opponent,
                                 const ExplainParts& parts) {
  std::string detail = describe_fight(opponent);
  if (const auto end = parts.memory.fights.rest_end(id, parts.now)) {
    const auto left = std::chrono::ceil<std::chrono::seconds>(*end - parts.now);
    detail += fmt::format("; it rests for {}", write_duration(left));
  }
  return {ObjectState::fought, std::move(detail)};
}

// By what the last write of it left, and what the watch shows.
ObjectStanding standing_as_written(const DesiredObject& desired, const ExplainParts& parts,
                                   const LiveObject* live) {
  const auto record = parts.memory.index.find(desired.id);
  if (record == parts.memory.index.end()) return {ObjectState::not_applied};
  if (record->second.desired != desired.hash) return {ObjectState::changed};
  const bool is_shown = parts.live != nullptr && parts.live->shows(desired.id.group_kind());
  const bool may_be_over = may_have_expired(desired) || record->second.is_complete;
  if (live == nullptr && is_shown && !may_be_over) {
    return {ObjectState::drifted, "it is not there, or is marked as ours no more"};
  }
  if (live != nullptr && live->is_terminating) {
    return {ObjectState::drifted, "it is being deleted"};
  }
  if (live != nullptr && !is_as_written(*live, record->second)) return {ObjectState::drifted};
  const bool is_set_by_hand = live != nullptr && !live->tool.empty() && !desired.is_merged;
  if (is_set_by_hand) return {ObjectState::drifted, "fields were set by hand"};
  return {ObjectState::as_git_says};
}

std::string words_of(const ReadyState& readiness) {
  return fmt::format("ready: {}{}{}", to_string(readiness.ready),
                     readiness.message.empty() ? "" : ", ", readiness.message);
}

}  // namespace

ObjectStanding standing_of(const DesiredObject& desired, const KustomizationState& state,
                           const ExplainParts& parts) {
  const LiveObject* live = parts.live == nullptr ? nullptr : parts.live->find(desired.id);
  if (auto apart = standing_apart(desired, state, live)) return *std::move(apart);
  const bool is_watched = is_only_watched(state, desired);
  const Opponent* opponent = parts.memory.fights.opponent(desired.id);
  if (opponent != nullptr && !is_watched) {
    return standing_in_fight(desired.id, *opponent, parts);
  }
  std::string problem = problem_of(desired.id, parts.status);
  if (!problem.empty()) return {ObjectState::failed, std::move(problem)};
  ObjectStanding standing = standing_as_written(desired, parts, live);
  if (standing.state != ObjectState::drifted) return standing;
  if (is_watched) standing.detail = "it is left so: its drift is only detected";
  if (standing.detail.empty()) standing.detail = "it is not put right yet";
  return standing;
}

ObjectStanding standing_of_followed(const ResourceId& id, const ExplainParts& parts) {
  std::string problem = problem_of(id, parts.status);
  if (!problem.empty()) return {ObjectState::failed, std::move(problem)};
  if (is_kustomization(id)) {
    const std::string space = id.namespace_name.empty() ? "default" : id.namespace_name;
    const auto state = parts.memory.kustomizations.find({space, id.name});
    if (state != parts.memory.kustomizations.end()) {
      if (is_suspended(state->second)) return {ObjectState::suspended};
      return {ObjectState::followed, words_of(state->second.readiness)};
    }
  }
  const auto release = parts.memory.releases.find(placed_release(id));
  if (release != parts.memory.releases.end()) {
    const ReleaseState& known = release->second;
    if (known.spec && known.spec->is_suspended) return {ObjectState::suspended};
    return {ObjectState::followed, words_of(known.readiness)};
  }
  return {ObjectState::followed};
}

}  // namespace primocane
