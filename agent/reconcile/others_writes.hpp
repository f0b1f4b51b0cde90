// SPDX-License-Identifier: Apache-2.0
// What other nodes' agents write and claim, as this one sees it. A node that leaves the acting to
// another one learns from the watches what that has written, so that it knows what is drift.
#pragma once

#include "reconcile/live_cluster.hpp"
#include "reconcile/memory.hpp"
#include "resource/resource_id.hpp"

namespace primocane {

/// Takes the entry of `id` for another node's write of what Git says, unless that is drift: where
/// the parent of its set says that the set is applied as it is desired here. Whether that is news;
/// it is verified later (AppliedRecord::is_learnt).
bool learn_write(PassMemory& memory, const LiveCluster& live, const ResourceId& id);

/// Whether the parent of the set that desires `id` says that something else is applied than is
/// desired here: then another node knows better, or this one is about to say so, and `id` is not
/// reverted.
[[nodiscard]] bool is_claimed_otherwise(const PassMemory& memory, const LiveCluster& live,
                                        const ResourceId& id);

}  // namespace primocane
