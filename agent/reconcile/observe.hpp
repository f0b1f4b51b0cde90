// SPDX-License-Identifier: Apache-2.0
// Observing: the requests that show a pass what the cluster holds. Lists of metadata only: one for
// the parents, one per kind in use, and look-ups of desired objects that are not among them.
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "plan/cluster_view.hpp"
#include "reconcile/input_watch.hpp"
#include "reconcile/live_cluster.hpp"
#include "resource/desired.hpp"
#include "resource/resource_id.hpp"

#include <map>
#include <set>
#include <vector>

namespace primocane {

/// The kinds that the server serves, by identity.
using KindCatalog = std::map<GroupKind, ServedKind>;

/// Asks the server for its kinds; again, when one of `wanted` is not among those known.
Task<Result<KindCatalog>> look_up_kinds(Cluster& cluster, std::set<GroupKind> wanted);

/// Gives `id` the namespace that the server will give it: "default" for a namespaced kind without
/// one, none for a cluster-scoped kind. A kind that is not served yet stays as written.
void resolve_namespace(ResourceId& id, const KindCatalog& catalog);

/// The same for each object.
[[nodiscard]] std::vector<DesiredObject> resolve_namespaces(std::vector<DesiredObject> objects,
                                                            const KindCatalog& catalog);

/// Lists the parents: ConfigMaps in namespace primocane-system with an ApplySet id.
Task<Result<ClusterView>> list_parents(Cluster& cluster);

/// The kinds of which the parents say that they have members.
[[nodiscard]] std::set<GroupKind> kinds_of_parents(const ClusterView& view);

/// What a pass has seen of the cluster so far.
struct ClusterSight {
  KindCatalog catalog;
  ClusterView view;
  std::set<GroupKind> listed;  ///< kinds of which the labelled objects are in `view`
  bool has_parents = false;    ///< the parents are in `view`
  const LiveCluster* live =
      nullptr;                   ///< what is known without asking; null where nothing is watched
  InputWatch* inputs = nullptr;  ///< the same of what goes into renderings
};

/// Looks `ids` up, as far as their kinds are in `catalog`: those that exist are added to `view`, as
/// unlabelled. Of which kinds the server does not tell is in ClusterView::unseen.
Task<Result<void>> look_up(Cluster& cluster, std::set<ResourceId> ids, const KindCatalog& catalog,
                           ClusterView& view);

/// Adds to `sight` the labelled objects of `kinds`, of all kinds of all parents and of `desired`,
/// as far as they are not listed yet, and the desired ones that exist without label. The catalog
/// has been looked up with all these kinds as wanted, the parents are there. A kind that the server
/// does not tell about is in ClusterView::unseen; an error is one of the whole server.
Task<Result<void>> observe(Cluster& cluster, ClusterSight& sight,
                           std::vector<const DesiredSet*> desired, std::set<GroupKind> kinds = {});

}  // namespace primocane
