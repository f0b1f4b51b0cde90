// SPDX-License-Identifier: Apache-2.0
// Kinds that the server does not serve: gone for good, or only for a while.
#pragma once

#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "reconcile/observe.hpp"
#include "resource/resource_id.hpp"

#include <set>

namespace primocane {

/// Those of `unserved` that may have objects nevertheless: `catalog` lacks them although the group
/// is registered (its aggregated API is down) or a CustomResourceDefinition of the group is there
/// (the server has just started). All of them where that can't be found out.
Task<std::set<GroupKind>> may_have_objects(Cluster& cluster, std::set<GroupKind> unserved,
                                           KindCatalog catalog);

}  // namespace primocane
