// SPDX-License-Identifier: Apache-2.0
// Recall: what Kustomizations desire that do not run in a pass, suspended ones or those that wait
// for others, where an agent that has just started does not know it. Without it nothing may be
// pruned, and what they contain would be taken for gone.
#pragma once

#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "reconcile/kustomization_state.hpp"
#include "reconcile/observe.hpp"
#include "reconcile/renderings.hpp"
#include "reconcile/settlement.hpp"
#include "reconcile/sources.hpp"
#include "reconcile/voice.hpp"

namespace primocane {

/// One per pass. All borrowed.
class Recall {
 public:
  Recall(Cluster& cluster, ClusterSight& sight, Sources& sources, Renderings& renderings,
         Settlement& settlement, Voice& voice)
      : cluster_(cluster),
        sight_(sight),
        sources_(sources),
        renderings_(renderings),
        settlement_(settlement),
        voice_(voice) {}

  /// Leaves in `state.rendered`, where there is nothing yet, what was applied last; where that
  /// can't be had, or it never ran, what it would desire now: each time. Nothing where that can't
  /// be had either, which has been told of what ran before. A person `is_asking` for news.
  /// Whether there is something that was looked for now.
  Task<bool> bring_back(KustomizationState& state, bool is_asking);

 private:
  Task<void> bring_back_applied(KustomizationState& state, const LiveParent& parent,
                                bool is_asking);
  Task<void> look_ahead(KustomizationState& state, bool is_asking);

  Cluster& cluster_;
  ClusterSight& sight_;
  Sources& sources_;
  Renderings& renderings_;
  Settlement& settlement_;
  Voice& voice_;
};

}  // namespace primocane
