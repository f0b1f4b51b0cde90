// SPDX-License-Identifier: Apache-2.0
// Reads from the cluster the Pods that tell more of a workload's health than its own status does.
#pragma once

#include "base/clock.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "document/value.hpp"
#include "resource/health.hpp"

#include <optional>
#include <string>

namespace primocane {

/// The label selector in `workload`'s spec.selector, as a request has it: "app=web,tier in (a,b)".
/// Nothing where it has none, or one that is not shaped as a selector must be.
[[nodiscard]] std::optional<std::string> pod_selector_of(const Value& workload);

/// `health` of `workload`, which depends_on_pods(), in the light of its Pods: one list and one GET
/// for each, of some at most. Where they can't be read it stays as it is.
Task<Health> read_health_with_pods(Cluster& cluster, const Value& workload, Health health,
                                   WallTime now);

}  // namespace primocane
