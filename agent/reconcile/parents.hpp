// SPDX-License-Identifier: Apache-2.0
// Writing ApplySet parents: before the first member of a changed set, so that whatever is created
// can be found again; narrowed once nothing of the old extent is left.
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "plan/applied_index.hpp"
#include "plan/cluster_view.hpp"
#include "plan/plan.hpp"
#include "reconcile/observe.hpp"
#include "resource/applyset.hpp"
#include "resource/desired.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>

namespace primocane {

/// The ConfigMap that is the parent of the set `name`.
[[nodiscard]] ResourceId parent_id(const KustomizationName& name);

/// What a parent says of a rendering.
struct RenderingMark {
  std::string revision;
  std::optional<Fingerprint> contained{};  ///< Parent::contained
};

/// The parent that `desired` needs on the way from `live` (null if there is none): the union of
/// both extents, and what decides about the new rendering, `mark`.
[[nodiscard]] Parent widened_parent(const DesiredSet& desired, const LiveParent* live,
                                    const RenderingMark& mark);

/// The parent once the set is applied and pruned: the extent of `desired`, of members that stay
/// although they left Git, and of `unlisted` kinds, of which there may be members.
[[nodiscard]] Parent narrowed_parent(const Parent& widened, const DesiredSet& desired,
                                     const std::set<ResourceId>& staying,
                                     const std::set<GroupKind>& unlisted);

/// What `desired` has of Jobs with a time to live that were made and of Jobs that were complete, by
/// `index` or else by `before`.
[[nodiscard]] std::map<ResourceId, Fingerprint> made_jobs(const DesiredSet& desired,
                                                          const AppliedIndex& index,
                                                          const Parent& before);

/// Whether a write is needed: anything but the revision and the writer differs, which alone are no
/// reason.
[[nodiscard]] bool says_the_same(const Parent& a, const Parent& b);

/// The parent of the set `name` that is in sight, or null.
[[nodiscard]] const LiveParent* live_parent(const ClusterView& view, const KustomizationName& name);

/// The commit that is in force by that parent's words, if it says one.
[[nodiscard]] std::optional<CommitId> commit_of_parent(const ClusterView& view,
                                                       const KustomizationName& name);

/// Lists the parents into `sight`, once for a pass; that of the set `root` is found even without
/// its label.
Task<Result<void>> look_at_parents(Cluster& cluster, ClusterSight& sight, KustomizationName root);

/// Looks at the very ConfigMap, which need not have the label by which parents are listed: somebody
/// may have taken it. What it says is kept, and its resourceVersion makes sure that nobody's change
/// is written over. `conflict` where another tool's parent has this name.
Task<Result<std::optional<LiveParent>>> find_parent(Cluster& cluster, KustomizationName name);

/// Makes namespace primocane-system.
Task<Result<void>> apply_system_namespace(Cluster& cluster);

/// Writes `parent` with `resource_version` as precondition ("" where there is none yet), and once
/// more after namespace primocane-system was made if that was missing. Returns the new
/// resourceVersion.
Task<Result<std::string>> apply_parent(Cluster& cluster, Parent parent,
                                       std::string resource_version);

}  // namespace primocane
