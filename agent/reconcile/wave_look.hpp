// SPDX-License-Identifier: Apache-2.0
// WaveLook: what a pass looks at before it applies a wave of Kustomizations, and what it notes of
// what it sees.
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "reconcile/memory.hpp"
#include "reconcile/observe.hpp"
#include "reconcile/settlement.hpp"
#include "reconcile/voice.hpp"
#include "resource/resource_id.hpp"

#include <set>
#include <vector>

namespace primocane {

/// One per pass. All borrowed.
class WaveLook {
 public:
  WaveLook(Cluster& cluster, ClusterSight& sight, PassMemory& memory, Settlement& settlement,
           Voice& voice)
      : cluster_(cluster), sight_(sight), memory_(memory), settlement_(settlement), voice_(voice) {}

  /// Gives the objects that `states` desire the namespaces that the server will give them. A state
  /// whose objects do not fit together then is rendered no more.
  Task<Result<void>> resolve_all(std::vector<KustomizationState*> states);

  /// Brings what `states` desire into sight.
  Task<Result<void>> look(std::vector<KustomizationState*> states);

 private:
  Result<void> resolve(KustomizationState& state);
  [[nodiscard]] std::set<GroupKind> recorded_kinds() const;
  void note_complete_jobs();
  void tell_unseen();

  Cluster& cluster_;
  ClusterSight& sight_;
  PassMemory& memory_;
  Settlement& settlement_;
  Voice& voice_;
  std::set<GroupKind> told_;
};

}  // namespace primocane
