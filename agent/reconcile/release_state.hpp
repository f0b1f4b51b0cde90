// SPDX-License-Identifier: Apache-2.0
// ReleaseState: what the agent knows of one HelmRelease from pass to pass. All of it can be lost.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "flux/helm_chart.hpp"
#include "flux/helm_release_spec.hpp"
#include "flux/kustomization_spec.hpp"
#include "report/helm_release_status.hpp"
#include "resource/desired.hpp"
#include "resource/health.hpp"
#include "resource/resource.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// Where a chart was asked for.
struct AskedChart {
  SourceReference reference;  ///< what the HelmRelease names
  SourceReference source;     ///< where that leads to, itself but for a HelmChart
  std::string name;           ///< "" in an OCIRepository
  std::string version;        ///< a version or a range, or ""

  bool operator==(const AskedChart&) const = default;
};

struct ReleaseState {
  Fingerprint declared{};               ///< of the object
  std::optional<HelmReleaseSpec> spec;  ///< none if it can't be followed: see
  std::optional<Error> fault;
  Fingerprint question{};              ///< of all that says which chart is meant
  std::optional<ResolvedChart> chart;  ///< the last answer to a question
  AskedChart asked;                    ///< where `chart` was found
  std::optional<Error> chart_failure;  ///< why the question has no answer
  Fingerprint given{};                 ///< of the values' ConfigMaps and Secrets in Git
  std::optional<ChartValues> values;
  std::optional<SteadyTime> due;  ///< when chart and values are looked at again; none: at once
  /// What is applied for it; not known until chart and values were known once.
  std::optional<std::vector<Resource>> objects;
  bool is_stale = true;  ///< `objects` were made of something else than what is known now
  std::vector<std::string> ignored;  ///< its fields that have no effect
  std::optional<Error> failure;      ///< why `objects` are not what Git says now
  bool is_held_back = false;         ///< the failure is that another release is not ready
  Health health;
  std::string health_version;  ///< the HelmChart's resourceVersion when `health` was read
  ReadyState readiness;

  [[nodiscard]] bool is_ready() const {
    return !failure && objects && health.status == HealthStatus::current;
  }
};

using ReleaseStates = std::map<ResourceId, ReleaseState>;

/// Makes `readiness` what the rest says.
void update_readiness(ReleaseState& release, WallTime now);

/// The line of `primocane get` about the release `id`, which lies in `container`.
[[nodiscard]] HelmReleaseStatus status_of(const ReleaseState& release, const ResourceId& id,
                                          const KustomizationName& container);

/// The health of the release `id` as far as it is not current; nothing where it is, and where
/// releases are not served.
[[nodiscard]] std::optional<Health> unhealthy_release(const ReleaseStates& releases,
                                                      const ResourceId& id);

}  // namespace primocane
