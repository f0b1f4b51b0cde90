// SPDX-License-Identifier: Apache-2.0
// Readiness: what the condition Ready of a Kustomization becomes after it has run or could not.
// Reasons are Flux's (fluxcd/pkg apis/meta/conditions.go, kustomize-controller
// internal/controller).
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "reconcile/kustomization_state.hpp"
#include "report/kustomization_status.hpp"

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

/// The line of `primocane get` about it.
[[nodiscard]] KustomizationStatus status_of(const KustomizationState& state);

}  // namespace primocane
