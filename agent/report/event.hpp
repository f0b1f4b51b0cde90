// SPDX-License-Identifier: Apache-2.0
// Event: one thing that happened, as the log book tells it. Rooms return values; reconcile/ emits
// Events; only host/ writes them (journal or terminal). Secrets' values never get in.
#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// What happened. Each has a MESSAGE_ID of its own, explained in systemd/primocane.catalog.
enum class EventKind : std::uint8_t {
  agent_started,             ///< the agent runs and its configuration is valid
  agent_waiting,             ///< something is missing that the agent can't begin without
  config_refused,            ///< a changed configuration is wrong; the former stays in force
  node_unfit,                ///< something about the node that a person should mend
  revision_fetched,          ///< the branch moved and the commit is on disk
  source_unavailable,        ///< Git can't be reached or refuses us; what is on disk stays in force
  revision_refused,          ///< the branch was rewritten
  mirror_damaged,            ///< the mirror is broken and fetched anew
  remote_unpinned,           ///< something elsewhere is rendered whose revision is not named
  remote_unavailable,        ///< it can't be reached; what was fetched of it before is rendered
  render_failed,             ///< the revision can't be rendered; the last rendering stays in force
  cluster_unavailable,       ///< the API server does not answer
  object_applied,            ///< created, changed or adopted
  drift_reverted,            ///< what somebody changed or deleted is as Git says again
  drift_detected,            ///< an object is not as Git says, and is left so
  drift_fought,              ///< somebody changes an object again and again
  admission_changed,         ///< the server keeps other values than were applied
  watch_failed,              ///< a kind can't be watched: its drift is noticed by passes only
  node_silent,               ///< another server node leaves undone what is its turn to do
  object_failed,             ///< an object was refused by the server or by our rules
  object_pruned,             ///< deleted because it left Git
  object_not_served,         ///< of a kind of Flux's that nothing here acts upon
  object_kept,               ///< left Git but is kept: protected, or of a kind that holds data
  prune_refused,             ///< too many deletions at once: waits for a confirmation
  flux_running,              ///< Flux's own controllers run as well: nothing is written
  orphan_found,              ///< a member of a set that has no parent
  reconciliation_suspended,  ///< a pause that a person asked for has begun
  reconciliation_resumed,    ///< it has ended
  pass_completed,            ///< a pass that changed something, or ended a failure
  pass_failed,               ///< a pass that could not do all it should
  pass_idle,                 ///< a pass without news (debug)
};

/// As in syslog(3), for the journal's PRIORITY.
enum class Severity : std::uint8_t { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };

/// "error", "warning", "notice", "info", "debug".
[[nodiscard]] std::string_view to_string(Severity severity);

struct Event {
  EventKind kind = EventKind::pass_idle;
  Severity severity = Severity::info;
  std::string message;                ///< one line for people
  std::string kustomization{};        ///< "namespace/name"
  std::string revision{};             ///< "main@sha1:..."
  std::string object{};               ///< "Deployment/home/web"
  std::string action{};               ///< "create", "revert", ...
  std::string reason{};               ///< why it was reverted: "was deleted"
  std::string manager{};              ///< who else changed it
  std::string fields{};               ///< which of its fields, ".spec.replicas, .data.key"
  std::optional<Duration> drifted{};  ///< how long it was not as Git says
  std::optional<Duration> duration{};
};

/// The 128-bit id (32 hexadecimal digits) of `kind` for the journal's MESSAGE_ID.
[[nodiscard]] std::string_view message_id(EventKind kind);
/// The word in PRIMOCANE_EVENT: "object-applied", ...
[[nodiscard]] std::string_view to_string(EventKind kind);

/// Where Events go. Called on the loop's thread; returns at once; never fails.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual void emit(const Event& event) = 0;
};

}  // namespace primocane
