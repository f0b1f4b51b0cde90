// SPDX-License-Identifier: Apache-2.0
// Reads what is in the cluster of a HelmRelease that is suspended.
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "flux/helm_release_spec.hpp"
#include "resource/resource.hpp"

#include <vector>

namespace primocane {

/// The objects that hold the release `spec` as it is: see suspended_objects(). None where it has no
/// HelmChart of ours: nothing is installed while it is suspended.
Task<Result<std::vector<Resource>>> read_suspended_release(Cluster& cluster,
                                                           const HelmReleaseSpec* spec);

}  // namespace primocane
