// SPDX-License-Identifier: Apache-2.0
// ChartFinder: asks registries and repositories which version of a chart is meant now. Tests have
// one in memory.
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "flux/helm_chart.hpp"
#include "flux/helm_chart_spec.hpp"
#include "resource/resource.hpp"

#include <optional>

namespace primocane {

struct ChartQuestion {
  Resource source;                    ///< an OCIRepository or, with
  std::optional<ChartRequest> chart;  ///< the chart in it, a HelmRepository
};

class ChartFinder {
 public:
  virtual ~ChartFinder() = default;

  /// The one version of the chart that is meant now, and what it takes to download it, with what
  /// the source's Secrets in the cluster say. `invalid`, naming object and field, if the source
  /// can't be served as it is; `unavailable` if it does not answer or a Secret is not there;
  /// `denied` if it refuses, or has no such version.
  virtual Task<Result<ResolvedChart>> find(ChartQuestion question, Cluster& cluster) = 0;
};

}  // namespace primocane
