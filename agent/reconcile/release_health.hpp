// SPDX-License-Identifier: Apache-2.0
// Reads from the cluster what tells the health of a Helm release.
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "resource/health.hpp"
#include "resource/resource_id.hpp"

namespace primocane {

/// The health of the release that the HelmChart `id` stands for: two or three requests, for the
/// HelmChart, its Job, and the metadata of the Secrets that keep the release.
Task<Result<Health>> read_release_health(Cluster& cluster, ResourceId id);

}  // namespace primocane
