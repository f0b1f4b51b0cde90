// SPDX-License-Identifier: Apache-2.0
// The parents of ApplySets in a ClusterView, read one by one from their metadata.
#pragma once

#include "document/value.hpp"
#include "plan/cluster_view.hpp"

namespace primocane {

/// Adds the ConfigMap `object` with an ApplySet id: as a parent of ours, or as another tool's.
void add_parent(ClusterView& view, const Value& object);

/// Takes out what that ConfigMap said before.
void forget_parent(ClusterView& view, const Value& object);

}  // namespace primocane
