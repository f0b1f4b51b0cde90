// SPDX-License-Identifier: Apache-2.0
// Readiness: what the condition Ready of a Kustomization becomes after it has run or could not.
// Reasons are Flux's (fluxcd/pkg apis/meta/conditions.go, kustomize-controller
// internal/controller).
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "document/value.hpp"
#include "reconcile/kustomization_state.hpp"
#include "report/kustomization_status.hpp"
#include "report/ready_state.hpp"

#include <map>
#include <string>
#include <string_view>

namespace primocane {

/// Its rendering of `revision` is applied and as healthy as it asks for.
void become_ready(KustomizationState& state, std::string revision, WallTime now);

/// It can't be made as Git says: `reason` and `message` tell why.
void become_unready(KustomizationState& state, std::string_view reason, std::string message,
                    WallTime now);

/// It is on its way: `message` tells what is waited for.
void become_progressing(KustomizationState& state, std::string message, WallTime now);

/// Its rendering of `revision` is applied, and `unhealthy` (of the cluster or of Flux's kinds) is
/// what it still waits for: ready, on its way, or failed where one of them is or where the time
/// that its spec gives is over.
void become_as_healthy(KustomizationState& state, std::string revision,
                       const std::map<ResourceId, Health>& unhealthy, const Clock& clock);

/// `declared`, one of Flux's objects, as Flux would have it in the cluster: with the condition
/// Ready that `readiness` is, and `status`, what else of its status is known.
[[nodiscard]] Value with_ready_condition(Value declared, const ReadyState& readiness,
                                         Object status);

/// The Kustomization as Flux would have it in the cluster: as it was written, with its status.
[[nodiscard]] Value as_flux_object(const KustomizationState& state);

/// The line of `primocane get` about it.
[[nodiscard]] KustomizationStatus status_of(const KustomizationState& state);

}  // namespace primocane
