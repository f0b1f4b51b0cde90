// SPDX-License-Identifier: Apache-2.0
// What other nodes' agents write and claim, as this one sees it. A node that leaves the acting to
// another one learns from the watches what that has written, so that it knows what is drift.
#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "reconcile/live_cluster.hpp"
#include "reconcile/memory.hpp"
#include "reconcile/turn.hpp"
#include "resource/resource_id.hpp"

#include <optional>

namespace primocane {

/// Takes the entry of `id` for another node's write of what Git says, unless that is drift: where
/// the parent of its set says that the set is applied as it is desired here. Its set, if that is
/// news; it is verified later (AppliedRecord::is_learnt). A revert counts in the fights here as
/// well.
std::optional<KustomizationName> learn_write(PassMemory& memory, const LiveCluster& live,
                                             const ResourceId& id, SteadyTime now);

/// Whether another node wrote the parent of the set that desires `id`, for something else than is
/// desired here: then that one may know better, and `id` is not reverted.
[[nodiscard]] bool is_claimed_otherwise(const PassMemory& memory, const LiveCluster& live,
                                        const Turn& turn, const ResourceId& id);

}  // namespace primocane
