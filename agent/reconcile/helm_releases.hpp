// SPDX-License-Identifier: Apache-2.0
// HelmReleases: what Kustomizations contain of HelmReleases, turned into objects of their sets, so
// that those are applied, pruned and watched like all others; and how the releases fare.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "flux/helm_chart_kind.hpp"
#include "reconcile/chart_finder.hpp"
#include "reconcile/kustomization_state.hpp"
#include "reconcile/observe.hpp"
#include "reconcile/release_inputs.hpp"
#include "reconcile/release_state.hpp"
#include "resource/resource_id.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace primocane {

enum class AskNow : std::uint8_t {
  when_due,
  always,  ///< a person asks
};

/// One per pass. All borrowed. `finder` is null where HelmReleases are not served: they are left
/// alone then.
class HelmReleases {
 public:
  HelmReleases(Cluster& cluster, ChartFinder* finder, const Clock& clock,
               const KustomizationStates& kustomizations, ReleaseStates& releases, AskNow asking)
      : cluster_(cluster),
        clock_(clock),
        kustomizations_(kustomizations),
        releases_(releases),
        asking_(asking) {
    if (finder != nullptr) inputs_.emplace(cluster, *finder, kustomizations);
  }

  /// Makes the sets of `states`, which have been rendered, hold what their releases come to now. A
  /// release that fails keeps what it had.
  Task<void> plan(std::vector<KustomizationState*> states);

  /// Reads how the releases of `states` fare, of which something may be new; `sight` has seen
  /// their HelmCharts.
  Task<void> look(std::vector<KustomizationState*> states, const ClusterSight& sight);

  /// When the first release wants to be looked at again. Those that wanted it at `began`, when the
  /// pass began that ends now, lie in what does not run.
  [[nodiscard]] std::optional<SteadyTime> next_due(SteadyTime began) const;
  /// Whether a release is on its way, so that another pass soon would see more.
  [[nodiscard]] bool is_waiting() const;

 private:
  void forget_what_left_git();
  [[nodiscard]] std::vector<ResourceId> read_specs(const std::vector<KustomizationState*>& states);
  Task<void> plan_release(ReleaseState* state);
  Task<Result<void>> bring_up_to_date(ReleaseState* state);
  Task<Result<void>> make_objects(ReleaseState* state);
  Task<Result<void>> freeze(ReleaseState* state);
  [[nodiscard]] Result<void> dependencies_ready(const HelmReleaseSpec& spec) const;
  [[nodiscard]] Result<void> name_is_free(const HelmReleaseSpec& spec) const;
  [[nodiscard]] bool is_graph_rendered() const;
  Task<Result<const HelmChartKind*>> look_up_kind();
  Task<void> look_at(ReleaseState* release, const ClusterSight* sight);

  Cluster& cluster_;
  const Clock& clock_;
  const KustomizationStates& kustomizations_;
  ReleaseStates& releases_;
  AskNow asking_;
  std::optional<ReleaseInputs> inputs_;  // none where releases are not served
  std::optional<HelmChartKind> kind_;    // once it was asked for
};

}  // namespace primocane
