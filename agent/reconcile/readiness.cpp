// SPDX-License-Identifier: Apache-2.0
#include "reconcile/readiness.hpp"

#include "reconcile/health_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

void become(KustomizationState& state, Ready ready, std::string_view reason, std::string message,
            WallTime now) {
  ReadyState& readiness = state.readiness;
  if (readiness.ready != ready || !readiness.since) readiness.since = now;
  readiness.ready = ready;
  readiness.reason = reason;
  readiness.message = std::move(message);
}

// Until when it is paused, by its own pause or the root's.
std::optional<Pause> lasting_pause(const KustomizationState& state) {
  if (!state.pause || !state.pause_of_root) return state.pause ? state.pause : state.pause_of_root;
  if (!state.pause->until || !state.pause_of_root->until) return Pause{};
  return Pause{.until = std::max(*state.pause->until, *state.pause_of_root->until)};
}

}  // namespace

void become_ready(KustomizationState& state, std::string revision, WallTime now) {
  become(state, Ready::yes, "ReconciliationSucceeded",
         fmt::format("Applied revision: {}", revision), now);
  state.readiness.revision = std::move(revision);
}

void become_unready(KustomizationState& state, std::string_view reason, std::string message,
                    WallTime now) {
  become(state, Ready::no, reason, std::move(message), now);
}

void become_progressing(KustomizationState& state, std::string message, WallTime now) {
  become(state, Ready::unknown, "Progressing", std::move(message), now);
}

void become_as_healthy(KustomizationState& state, std::string revision,
                       const std::map<ResourceId, Health>& unhealthy, const Clock& clock) {
  const WallTime now = clock.wall_now();
  if (unhealthy.empty()) return become_ready(state, std::move(revision), now);
  const bool has_failed = std::ranges::any_of(
      unhealthy, [](const auto& entry) { return entry.second.status == HealthStatus::failed; });
  const bool is_late = clock.now() >= state.health_deadline;
  const std::string what = describe_unhealthy(unhealthy);
  if (has_failed) {
    become_unready(state, "HealthCheckFailed", what, now);
  } else if (is_late) {
    become_unready(state, "HealthCheckFailed", fmt::format("timeout waiting for: {}", what), now);
  } else {
    become_progressing(state, fmt::format("waits for the health of: {}", what), now);
  }
}

Value with_ready_condition(Value declared, const ReadyState& readiness, Object status) {
  Object condition{{"type", "Ready"},
                   {"status", to_string(readiness.ready)},
                   {"reason", readiness.reason},
                   {"message", readiness.message},
                   {"observedGeneration", 1}};
  status.set("observedGeneration", 1);
  status.set("conditions", Array{Value(std::move(condition))});
  if (!declared.is_object()) declared = Object();
  Object& members = *declared.as_object();
  if (!members["metadata"].is_object()) members["metadata"] = Object();
  members["metadata"].as_object()->set("generation", 1);
  members.set("status", std::move(status));
  return declared;
}

Value as_flux_object(const KustomizationState& state) {
  Object status{{"lastAppliedRevision", state.readiness.revision}};
  if (state.rendered) status.set("lastAttemptedRevision", state.rendered->revision);
  return with_ready_condition(state.spec.object, state.readiness, std::move(status));
}

KustomizationStatus status_of(const KustomizationState& state) {
  KustomizationStatus status;
  status.name = state.spec.name;
  if (state.container) status.container = to_string(*state.container);
  if (!state.spec.source.kind.empty()) status.source = to_string(state.spec.source);
  status.path = state.spec.path.is_root() ? "." : state.spec.path.str();
  status.is_suspended = is_suspended(state);
  if (const std::optional<Pause> pause = lasting_pause(state)) {
    status.suspended_until = write_pause(*pause);
  }
  if (state.rendered) status.objects = state.rendered->desired.objects().size();
  status.readiness = state.readiness;
  return status;
}

}  // namespace primocane
