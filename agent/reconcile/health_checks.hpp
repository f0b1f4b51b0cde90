// SPDX-License-Identifier: Apache-2.0
// Health checks: whether what a Kustomization waits for is healthy: all it applied with spec.wait,
// or what spec.healthChecks names (kustomize-controller, checkHealth).
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "reconcile/kustomization_state.hpp"
#include "reconcile/observe.hpp"
#include "resource/health.hpp"
#include "resource/health_check.hpp"
#include "resource/resource_id.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace primocane {

/// An object that is waited for.
struct AwaitedObject {
  ResourceId id;
  std::string version;  ///< of the API, "" for the server's preferred one
  /// What was declared, "" where that is not known: a Job that removes itself is healthy when gone.
  std::string body;
};

/// What `state` waits for in the cluster: without Flux's own objects, whose readiness the graph
/// knows, without kinds that are healthy as soon as they are there and, with spec.wait, without
/// `left_alone`, which was not applied (SetWork::left_alone).
[[nodiscard]] std::vector<AwaitedObject> awaited_objects(const KustomizationState& state,
                                                         const std::set<ResourceId>& left_alone);

/// Flux's objects that `state` waits for, as identities of the graph; itself is not among them.
[[nodiscard]] std::vector<ResourceId> awaited_flux_objects(const KustomizationState& state);

/// Whether `id` is a source that is asked where it is waited for: a GitRepository, or an
/// OCIRepository that one of `states` names. Others hold charts, for which HelmReleases ask.
[[nodiscard]] bool is_asked_source(const ResourceId& id, const KustomizationStates& states);

/// Those that `state`, one of `states`, waits for.
[[nodiscard]] std::set<SourceReference> awaited_sources(const KustomizationState& state,
                                                        const KustomizationStates& states);

/// What a look at objects has found.
struct FoundHealth {
  std::map<ResourceId, Health> unhealthy;  ///< those that are not current yet
  /// The resourceVersions of those that could be read, "" of what is not there.
  std::map<ResourceId, std::string> versions;
};

/// The health of each of `objects`, by one GET each and by `checks`; of what depends_on_pods() also
/// its Pods. An error is one of the whole server.
Task<Result<FoundHealth>> find_health(Cluster& cluster, std::vector<AwaitedObject> objects,
                                      const HealthChecks& checks, WallTime now);

/// "Deployment/home/web: InProgress: 0 of 1 replicas; ...", for a message; cut after some.
[[nodiscard]] std::string describe_unhealthy(const std::map<ResourceId, Health>& unhealthy);

}  // namespace primocane
