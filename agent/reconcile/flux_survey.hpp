// SPDX-License-Identifier: Apache-2.0
// What there is of Flux in a cluster: its objects, its programs, and what its Kustomizations have
// applied. Only reads.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "document/value.hpp"
#include "flux/flux_controller.hpp"
#include "resource/resource.hpp"
#include "resource/resource_id.hpp"

#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

namespace primocane {

/// A Deployment of one of Flux's programs that write.
struct FluxDeployment {
  FluxProgram program = FluxProgram::kustomize_controller;
  Value object;
};

struct FluxSurvey {
  bool is_installed = false;  ///< the server knows the kind Kustomization
  /// Kustomizations, HelmReleases and sources, whole.
  std::map<ResourceId, Resource> objects;
  std::map<ResourceId, FluxDeployment> deployments;
  /// The metadata of the objects that Kustomizations have applied, as far as they are there.
  std::map<ResourceId, Value> applied;
};

/// The object that an entry of a Kustomization's inventory names by "NAMESPACE_NAME_GROUP_KIND"
/// (fluxcd/cli-utils, pkg/object ObjMetadata: a colon of a name is written "__"); nothing for what
/// is none.
[[nodiscard]] std::optional<ResourceId> read_inventory_id(std::string_view text);

/// What `kustomization` has applied, by its status.
[[nodiscard]] std::vector<ResourceId> inventory_of(const Value& kustomization);

/// One list for each kind of Flux's and for each kind in an inventory, and a look at each object of
/// Flux's. An error is one of the server or of a right that is missing: half a survey is no ground
/// to decide upon.
Task<Result<FluxSurvey>> survey_flux(Cluster& cluster);

}  // namespace primocane
