// SPDX-License-Identifier: Apache-2.0
// Sets whose Kustomizations left Git with the deletionPolicy WaitForTermination: what of them is
// not gone yet (kustomize-controller, finalize).
#pragma once

#include "base/ids.hpp"
#include "plan/cluster_view.hpp"
#include "reconcile/kustomization_state.hpp"
#include "report/kustomization_status.hpp"
#include "resource/resource_id.hpp"

#include <chrono>
#include <set>
#include <string>
#include <vector>

namespace primocane {

struct LeavingSet {
  KustomizationName name;
  std::string revision;  ///< that was applied last
  std::chrono::seconds wait{};
  std::vector<ResourceId> left;  ///< what was deleted and is not gone yet; not empty
};

/// Those of which something is left, by a view from before the deletions of this pass: `removed`
/// were deleted since, and of them `terminating` are not gone.
[[nodiscard]] std::vector<LeavingSet> find_leaving(const ClusterView& view,
                                                   const KustomizationStates& graph,
                                                   const std::set<ResourceId>& removed,
                                                   const std::set<ResourceId>& terminating);

/// The line of `primocane get` about it, below `root`.
[[nodiscard]] KustomizationStatus status_of(const LeavingSet& set, const KustomizationName& root);

}  // namespace primocane
