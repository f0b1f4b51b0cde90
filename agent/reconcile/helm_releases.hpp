// SPDX-License-Identifier: Apache-2.0
// HelmReleases: what Kustomizations contain of HelmReleases, turned into objects of their sets, so
// that those are applied, pruned and watched like all others; and how the releases fare.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "flux/chart_values.hpp"
#include "flux/helm_chart_kind.hpp"
#include "reconcile/chart_finder.hpp"
#include "reconcile/kustomization_state.hpp"
#include "reconcile/observe.hpp"
#include "reconcile/release_state.hpp"
#include "resource/resource_id.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace primocane {

enum class AskNow : std::uint8_t {
  when_due,
  always,  ///< a person asks
};

/// One per pass. All borrowed. `finder` is null where
/// HelmReleases are not served: they are left alone then.
class HelmReleases {
 public:
  HelmReleases(Cluster& cluster, ChartFinder* finder, const Clock& clock,
               const KustomizationStates& kustomizations, ReleaseStates& releases, AskNow asking)
      : cluster_(cluster),
        finder_(finder),
        clock_(clock),
        kustomizations_(kustomizations),
        releases_(releases),
        asking_(asking) {}

  /// Makes the sets of `states`, which have been rendered, hold what their releases come to now. A
  /// release that fails keeps what it had.
  Task<void> plan(std::vector<KustomizationState*> states);

  /// Reads how the releases of `states` fare, of which something may be new; `sight` has seen
  /// their HelmCharts.
  Task<void> look(std::vector<KustomizationState*> states, const ClusterSight& sight);

  /// Whether it is known of each release in `state` which objects it has: else nothing may be
  /// pruned for want of them.
  [[nodiscard]] bool is_whole(const KustomizationState& state) const;

  /// When the first release wants to be looked at again.
  [[nodiscard]] std::optional<SteadyTime> next_due() const;
  /// Whether a release is on its way, so that another pass soon would see more.
  [[nodiscard]] bool is_waiting() const;

 private:
  void forget_what_left_git();
  Task<void> plan_release(const Resource* declared);
  Task<Result<void>> bring_up_to_date(const Resource* declared, ReleaseState* state);
  Result<void> read_spec(const Resource& declared, ReleaseState& state) const;
  [[nodiscard]] Result<void> dependencies_ready(const HelmReleaseSpec& spec) const;
  [[nodiscard]] Result<void> name_is_free(const HelmReleaseSpec& spec) const;
  [[nodiscard]] Result<ChartQuestion> question_of(const HelmReleaseSpec& spec) const;
  Task<Result<void>> find_chart(ReleaseState* state, bool is_due);
  Task<Result<void>> read_values(ReleaseState* state, bool is_due);
  Task<Result<std::optional<std::string>>> read_reference(const HelmReleaseSpec* spec,
                                                          const ValuesReference* reference);
  [[nodiscard]] const DesiredObject* desired(const ResourceId& id) const;
  [[nodiscard]] const Resource* contained(const ResourceId& id) const;
  [[nodiscard]] Fingerprint given_values(const HelmReleaseSpec& spec) const;
  Task<Result<const HelmChartKind*>> look_up_kind();

  Cluster& cluster_;
  ChartFinder* finder_;
  const Clock& clock_;
  const KustomizationStates& kustomizations_;
  ReleaseStates& releases_;
  AskNow asking_;
  std::optional<HelmChartKind> kind_;  // once it was asked for
};

}  // namespace primocane
