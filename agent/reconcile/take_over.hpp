// SPDX-License-Identifier: Apache-2.0
// Taking over the fields that people's tools have set of an object (resource/handed_over_fields).
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "plan/plan.hpp"

namespace primocane {

/// Makes the fields of people's tools in the live object of `change` ours: one look at its metadata
/// and one patch, again if somebody else writes it meanwhile. Nothing to do is no failure, nor is
/// an object that is not there or another one by now: the apply tells. `conflict` when it is
/// written all the time.
[[nodiscard]] Task<Result<void>> take_over_fields(Cluster& cluster, const Change& change);

}  // namespace primocane
