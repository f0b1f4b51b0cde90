// SPDX-License-Identifier: Apache-2.0
// Whether what Flux does in a cluster can be taken over, and what has to be done for it. Pure
// functions over a survey.
#pragma once

#include "base/ids.hpp"
#include "reconcile/flux_move.hpp"
#include "reconcile/flux_survey.hpp"
#include "reconcile/graph.hpp"

namespace primocane {

/// The folder that the agent is configured to follow.
struct ConfiguredFolder {
  ConfiguredRepository repository;
  RelativePath path;
};

/// What is to be done so that an agent that follows `folder` goes on where Flux stood:
///
/// * Obstacles are: no Flux; another repository, branch or folder than that of Flux's own
///   Kustomization (flux-system/flux-system, or else the one that follows `folder`); a
///   Kustomization, HelmRelease or source from Git that is not served; a flux-operator that runs.
/// * All Kustomizations and HelmReleases are suspended, those first that contain others, because
///   these write them anew. Of the programs those are stopped that write what Git says:
///   kustomize-controller and helm-controller. The others touch objects of Flux's alone, and an
///   image-automation-controller goes on writing to Git.
/// * What the Kustomizations from Git have applied is taken over, but for Flux's own objects, what
///   says that it is to be left alone, and what belongs to Helm, K3s or Argo CD by its marks.
[[nodiscard]] MovePlan plan_adoption(const FluxSurvey& survey, const ConfiguredFolder& folder);

}  // namespace primocane
