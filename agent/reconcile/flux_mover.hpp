// SPDX-License-Identifier: Apache-2.0
// Moving from Flux and back: the effects. Each step is made once; killed at any point, the next run
// goes on.
#pragma once

#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "reconcile/flux_adoption.hpp"
#include "reconcile/flux_move.hpp"

#include <chrono>

namespace primocane {

/// How long a program of Flux may take to end.
inline constexpr std::chrono::seconds flux_stop_max{120};

/// What adopting would do now. Only reads.
Task<Result<MovePlan>> preview_adoption(Cluster& cluster, ConfiguredFolder folder);

/// Adopts: suspends and stops, looks again, because Flux may have gone on until then, and takes
/// over. The answer has what was done; with obstacles that is nothing. An error names the step that
/// failed: those before it are done, and another run goes on there. `unavailable` also when a
/// program does not end within flux_stop_max. All borrowed.
Task<Result<MovePlan>> adopt_flux(Cluster& cluster, EventLoop& loop, ConfiguredFolder folder);

/// What giving back would do now. Only reads.
Task<Result<MovePlan>> preview_return(Cluster& cluster);

/// Gives back, as adopt_flux(). No agent may run.
Task<Result<MovePlan>> return_to_flux(Cluster& cluster, EventLoop& loop);

}  // namespace primocane
