// SPDX-License-Identifier: Apache-2.0
// ReleaseInputs: what a HelmRelease is made of besides itself: its chart, from the sources that Git
// declares, and its values, from ConfigMaps and Secrets in Git and in the cluster.
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "flux/chart_values.hpp"
#include "reconcile/chart_finder.hpp"
#include "reconcile/kustomization_state.hpp"
#include "reconcile/release_state.hpp"
#include "resource/resource_id.hpp"

#include <optional>
#include <string>

namespace primocane {

/// One per pass. All borrowed. `state` has a spec; what is other than before makes it stale.
class ReleaseInputs {
 public:
  ReleaseInputs(Cluster& cluster, ChartFinder& finder, const KustomizationStates& kustomizations)
      : cluster_(cluster), finder_(finder), kustomizations_(kustomizations) {}

  /// Asks which version of the chart is meant, if that `is_due` or was never asked, and neither its
  /// source nor its HelmChart is suspended.
  Task<Result<void>> find_chart(ReleaseState* state, bool is_due);
  /// Reads and merges the values, if that `is_due` or Git has others than it had.
  Task<Result<void>> read_values(ReleaseState* state, bool is_due);

 private:
  struct Inquiry {
    AskedChart asked;
    bool is_resting = false;  // the chart that was found stays; there may be no question then
    ChartQuestion question;
  };

  [[nodiscard]] Result<Inquiry> inquiry_of(const ReleaseState& state) const;
  Task<Result<std::optional<std::string>>> read_reference(const HelmReleaseSpec* spec,
                                                          const ValuesReference* reference);
  [[nodiscard]] const DesiredObject* desired(const ResourceId& id) const;
  [[nodiscard]] const Resource* contained(const ResourceId& id) const;
  [[nodiscard]] Fingerprint given_values(const HelmReleaseSpec& spec) const;

  Cluster& cluster_;
  ChartFinder& finder_;
  const KustomizationStates& kustomizations_;
};

}  // namespace primocane
