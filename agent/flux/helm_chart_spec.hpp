// SPDX-License-Identifier: Apache-2.0
// Which chart is asked for: by an object of Flux's kind HelmChart, or by the `chart` of a
// HelmRelease (source-controller, api/v1/helmchart_types.go; helm-controller,
// api/v2/helmrelease_types.go HelmChartTemplateSpec).
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "flux/kustomization_spec.hpp"
#include "flux/spec_reader.hpp"
#include "resource/resource.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// A chart of a HelmRepository.
struct ChartRequest {
  std::string name;
  std::string version;     ///< a version, a range, or "" for the newest
  SourceReference source;  ///< a HelmRepository
  Duration interval{};     ///< at which newer versions are looked for

  bool operator==(const ChartRequest&) const = default;
};

/// Reads the fields that both objects have. What decides and can't be served is wrong: charts from
/// GitRepositories and Buckets, valuesFiles, verify. `namespace_name` is where a HelmRepository
/// without namespace is. Paths of fields that are there and change nothing go to `ignored`.
[[nodiscard]] ChartRequest read_chart_request(SpecReader& reader, std::string_view namespace_name,
                                              Duration interval, std::vector<std::string>& ignored);

/// What an object of Flux's kind HelmChart says.
struct HelmChartSpec {
  ChartRequest chart;
  bool is_suspended = false;  ///< the version that was found stays
  std::vector<std::string> ignored;

  /// `invalid`, naming object, file and field, for what its CRD would refuse and for what can't be
  /// served.
  [[nodiscard]] static Result<HelmChartSpec> read(const Resource& object);
};

}  // namespace primocane
