// SPDX-License-Identifier: Apache-2.0
#include "reconcile/drift_report.hpp"

#include "report/status.hpp"
#include "resource/field_paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// "kubectl-edit: .data.color", either of them, or "".
std::string describe_opponent(const Opponent& opponent) {
  std::string fields = describe_fields(opponent.fields);
  if (opponent.manager.empty()) return fields;
  const std::string manager = fmt::format("by {}", opponent.manager);
  return fields.empty() ? manager : fmt::format("{}: {}", manager, fields);
}

}  // namespace

Opponent opponent_of(const Outcome& outcome, const Value& before) {
  const Change& change = *outcome.change;
  Opponent opponent{.manager = change.manager, .fields = {}};
  if (!before.is_object()) return opponent;
  const bool is_confidential = change.desired != nullptr && !change.desired->confidential.empty();
  const ItemNames names = is_confidential ? ItemNames::hidden : ItemNames::keys;
  if (!change.tool.empty()) {
    for (const Value& fields : fields_of_manager(before, change.tool)) {
      for (std::string& path : field_paths_beyond(fields, Value(), names)) {
        opponent.fields.push_back(std::move(path));
      }
    }
  }
  const Value ours = applied_fields_of(before);
  // Without an entry of ours before, all that we apply would be told.
  if (!ours.is_object()) return opponent;
  for (std::string& path : field_paths_beyond(outcome.fields, ours, names)) {
    const bool is_told = std::ranges::find(opponent.fields, path) != opponent.fields.end();
    if (!is_told) opponent.fields.push_back(std::move(path));
  }
  return opponent;
}

std::string state_of(const LiveObject* live) {
  if (live == nullptr) return {};
  std::string state = fmt::format("{} {} {}", live->uid, live->tool, live->part_of);
  if (live->entry) {
    state += fmt::format(" {} {}", to_string(live->entry->fields), live->entry->time);
  }
  return state;
}

bool note_drift(std::map<ResourceId, std::string>& drifted, const ResourceId& id,
                std::string state) {
  const auto [known, is_new] = drifted.try_emplace(id, state);
  if (is_new) return true;
  if (known->second == state) return false;
  known->second = std::move(state);
  return true;
}

Event drift_event(const Subject& subject, const Drifted& drifted, const Value& metadata,
                  ItemNames names) {
  Opponent opponent{.manager = drifted.manager, .fields = {}};
  if (metadata.is_object() && !drifted.manager.empty()) {
    const Value ours = applied_fields_of(metadata);
    for (const Value& fields : fields_of_manager(metadata, drifted.manager)) {
      for (std::string& path : field_paths_beyond(fields, ours, names)) {
        opponent.fields.push_back(std::move(path));
      }
    }
  }
  Event told{.kind = EventKind::drift_detected,
             .severity = Severity::warning,
             .message = fmt::format("{} is not as Git says and is left so: {}",
                                    to_string(drifted.id), drifted.reason),
             .kustomization = to_string(subject.name),
             .revision = subject.revision,
             .object = to_string(drifted.id),
             .action = "detect",
             .reason = drifted.reason,
             .manager = opponent.manager,
             .fields = describe_fields(opponent.fields)};
  const std::string who = describe_opponent(opponent);
  if (!who.empty()) told.message += fmt::format(" ({})", who);
  return told;
}

std::optional<Event> admission_event(std::map<ResourceId, std::string>& altered,
                                     const Subject& subject, const Outcome& outcome) {
  const ResourceId& id = outcome.change->id;
  if (!outcome.altered) return std::nullopt;
  if (outcome.altered->empty()) {
    altered.erase(id);
    return std::nullopt;
  }
  const std::string fields = describe_fields(*outcome.altered);
  std::string& known = altered[id];
  if (std::exchange(known, fields) == fields) return std::nullopt;
  return Event{.kind = EventKind::admission_changed,
               .severity = Severity::notice,
               .message = fmt::format("{}: the API server keeps other values than Git says: {}",
                                      to_string(id), fields),
               .kustomization = to_string(subject.name),
               .revision = subject.revision,
               .object = to_string(id),
               .action = std::string(to_string(outcome.change->action)),
               .fields = fields};
}

bool is_revert(const Outcome& outcome) {
  return outcome.live && outcome.has_changed && outcome.change->action == Action::revert;
}

void note_revert(Fights& fights, const Outcome& outcome, SteadyTime now, Opponent opponent) {
  if (is_revert(outcome)) fights.note(outcome.change->id, now, std::move(opponent));
}

std::optional<Duration> drifted_for(const Outcome& outcome, WallTime now) {
  const auto since = read_time(outcome.change->manager_time);
  if (!since || *since > now) return std::nullopt;
  return std::chrono::duration_cast<Duration>(now - *since);
}

Event revert_event(const Subject& subject, const Outcome& outcome, const Opponent& opponent,
                   std::optional<Duration> drifted) {
  const Change& change = *outcome.change;
  Event told{.kind = EventKind::drift_reverted,
             .severity = Severity::info,
             .message = fmt::format("{} reverted: {}", to_string(change.id), change.reason),
             .kustomization = to_string(subject.name),
             .revision = subject.revision,
             .object = to_string(change.id),
             .action = std::string(to_string(change.action)),
             .reason = change.reason,
             .manager = opponent.manager,
             .fields = describe_fields(opponent.fields),
             .drifted = drifted,
             .duration = outcome.duration};
  const std::string who = describe_opponent(opponent);
  if (!who.empty()) told.message += fmt::format(" ({})", who);
  return told;
}

}  // namespace primocane
