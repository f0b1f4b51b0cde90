// SPDX-License-Identifier: Apache-2.0
#include "reconcile/readiness.hpp"

#include <fmt/format.h>

#include <utility>

namespace primocane {

namespace {

void become(KustomizationState& state, Ready ready, std::string_view reason, std::string message,
            WallTime now) {
  ReadyCondition& readiness = state.readiness;
  if (readiness.ready != ready || !readiness.since) readiness.since = now;
  readiness.ready = ready;
  readiness.reason = reason;
  readiness.message = std::move(message);
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

KustomizationStatus status_of(const KustomizationState& state) {
  KustomizationStatus status;
  status.name = state.spec.name;
  if (state.container) status.container = to_string(*state.container);
  if (!state.spec.source.kind.empty()) status.source = to_string(state.spec.source);
  status.path = state.spec.path.is_root() ? "." : state.spec.path.str();
  status.is_suspended = state.spec.is_suspended;
  if (state.rendered) status.objects = state.rendered->desired.objects().size();
  status.readiness = state.readiness;
  return status;
}

}  // namespace primocane
