// SPDX-License-Identifier: Apache-2.0
// What HelmReleases come to, as objects of the sets of the Kustomizations that contain them. Pure
// functions over the states.
#pragma once

#include "plan/prune.hpp"
#include "reconcile/kustomization_state.hpp"
#include "reconcile/observe.hpp"
#include "reconcile/release_state.hpp"
#include "report/helm_release_status.hpp"
#include "resource/resource.hpp"

#include <vector>

namespace primocane {

/// Whether `object` is a HelmRelease of Flux's.
[[nodiscard]] bool is_release(const Resource& object);

/// `id` as the graph has it: what does not say where it is is in "default".
[[nodiscard]] ResourceId placed_release(ResourceId id);

/// Makes the set of `state`, which has been rendered, hold the objects of its releases, all of
/// which are in `releases`. One that Git declares itself, or that stands for another release before
/// it by name already, is a failure of the release, of which nothing is in the set then.
void merge_releases(KustomizationState& state, ReleaseStates& releases);

/// The objects that the HelmReleases among `contained` may have, of those of which `releases` does
/// not know yet which they have: they are in no set and must not be pruned.
[[nodiscard]] std::vector<ResourceId> unknown_objects(const std::vector<Resource>& contained,
                                                      const ReleaseStates& releases);

/// How the HelmReleases stand, those of a Kustomization together.
[[nodiscard]] std::vector<HelmReleaseStatus> list_releases(
    const KustomizationStates& kustomizations, const ReleaseStates& releases);

/// Moves Secrets that a HelmChart of `sight` needs as long as it is there from the removals of
/// `plan` to what it keeps. True if there are any: another pass deletes them.
[[nodiscard]] bool keep_what_helm_needs(PrunePlan& plan, const ClusterSight& sight);

}  // namespace primocane
