// SPDX-License-Identifier: Apache-2.0
// Waiting until the kinds that CustomResourceDefinitions bring are served.
#pragma once

#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "plan/plan.hpp"
#include "reconcile/observe.hpp"
#include "resource/resource_id.hpp"

#include <set>

namespace primocane {

/// The kinds that the CustomResourceDefinitions among the changes of `stage` define, other than
/// those whose apply `failed`.
[[nodiscard]] std::set<GroupKind> kinds_defined_by(const Stage& stage,
                                                   const std::set<ResourceId>& failed);

/// Asks for the served kinds until those that `stage` defines without `failed` are among them, for
/// 30 s at most, and leaves what was seen last in `catalog`. Kinds that do not come are noticed
/// when their objects are applied.
Task<void> wait_until_established(Cluster& cluster, EventLoop& loop, const Stage& stage,
                                  const std::set<ResourceId>& failed, KindCatalog& catalog);

}  // namespace primocane
