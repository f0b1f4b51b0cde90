// SPDX-License-Identifier: Apache-2.0
// FluxWatch: nothing is written beside Flux's own controllers. Two programs that make one cluster
// equal to one repository would take objects from each other for ever.
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "flux/flux_controller.hpp"
#include "reconcile/release_state.hpp"
#include "reconcile/voice.hpp"

#include <optional>
#include <vector>

namespace primocane {

/// Those of Flux's controllers that have pods. Two lists of metadata, and a GET for each Deployment
/// that they find. An error is one of the server or of a right that is missing.
Task<Result<std::vector<RunningFlux>>> find_running_flux(Cluster& cluster);

/// One per pass. All borrowed.
class FluxWatch {
 public:
  /// `releases`: the HelmReleases of the graph as they are known when it is asked.
  FluxWatch(Cluster& cluster, const ReleaseStates& releases, Voice& voice)
      : cluster_(cluster), releases_(releases), voice_(voice) {}

  /// To be awaited before whatever writes, and never twice at the same time: looks the first time,
  /// and remembers. `cancelled` when it would be a fight, or when nobody knows: that has been told
  /// then, once. `unavailable` when the server does not answer.
  Task<Result<void>> require_absence();

 private:
  [[nodiscard]] Error tell(const std::string& object, Error error);

  Cluster& cluster_;
  const ReleaseStates& releases_;
  Voice& voice_;
  std::optional<Result<std::vector<RunningFlux>>> running_;
  bool has_told_ = false;
};

}  // namespace primocane
