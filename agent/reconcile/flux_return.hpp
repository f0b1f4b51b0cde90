// SPDX-License-Identifier: Apache-2.0
// What has to be done so that Flux goes on where primocane stood. Pure functions over what there
// is in a cluster.
#pragma once

#include "plan/cluster_view.hpp"
#include "reconcile/flux_move.hpp"
#include "reconcile/flux_survey.hpp"

namespace primocane {

/// What undoes an adoption. `view` has all parents and all members of their sets.
///
/// * Members become kustomize-controller's and lose the mark of their set. Flux finds them again by
///   the labels that Flux and primocane write alike. So does what was taken over and never applied.
/// * HelmCharts that stand for HelmReleases go without uninstalling their releases, and so do their
///   Secrets: they are known by those Secrets, or by a HelmRelease of the cluster. A HelmChart that
///   Git itself holds is a member like others.
/// * Parents go last of all that is primocane's: until then a second run finds what is left.
/// * Programs are started, and objects resumed, that were stopped and suspended for an adoption.
///
/// Obstacles are: no Flux; kinds of which the members can't be seen.
[[nodiscard]] MovePlan plan_return(const FluxSurvey& survey, const ClusterView& view);

}  // namespace primocane
