// SPDX-License-Identifier: Apache-2.0
#include "flux/helm_chart_spec.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>

namespace primocane {

namespace {

SourceReference read_chart_source(SpecReader reader, std::string_view namespace_name) {
  constexpr std::array<std::string_view, 3> kinds{"HelmRepository", "GitRepository", "Bucket"};
  if (!reader.is_there()) reader.wrong("", "is missing: it names the HelmRepository");
  SourceReference source;
  reader.pass_over("apiVersion");
  source.kind = reader.word("kind", kinds);
  source.name = reader.required_text("name");
  source.namespace_name = reader.text("namespace");
  if (source.namespace_name.empty()) source.namespace_name = namespace_name;
  if (source.kind.empty()) reader.wrong("kind", "is missing: HelmRepository");
  if (source.kind == "GitRepository" || source.kind == "Bucket") {
    reader.wrong("kind",
                 fmt::format("{} is not served, because K3s's Helm controller takes charts from "
                             "repositories and registries alone: push the chart to an OCI registry "
                             "and refer to it by chartRef",
                             source.kind));
  }
  return source;
}

}  // namespace

ChartRequest read_chart_request(SpecReader& reader, std::string_view namespace_name,
                                Duration interval, std::vector<std::string>& ignored) {
  constexpr std::array<std::string_view, 2> strategies{"ChartVersion", "Revision"};
  ChartRequest chart;
  chart.name = reader.required_text("chart");
  chart.version = reader.text("version");
  chart.source = read_chart_source(reader.mapping("sourceRef"), namespace_name);
  chart.interval = reader.duration("interval").value_or(interval);
  if (!reader.texts("valuesFiles").empty()) {
    reader.wrong("valuesFiles",
                 "is not served, because K3s's Helm controller reads only the chart's own "
                 "values.yaml: put these values into the HelmRelease's values");
  }
  if (reader.has("verify")) {
    reader.wrong("verify", "is not served: signatures of charts can't be checked");
  }
  reader.pass_over("verify");
  reader.word("reconcileStrategy", strategies);
  reader.flag("ignoreMissingValuesFiles");
  for (const std::string_view key : {"reconcileStrategy", "ignoreMissingValuesFiles"}) {
    if (reader.has(key)) ignored.push_back(fmt::format("{}.{}", reader.path(), key));
  }
  return chart;
}

Result<HelmChartSpec> HelmChartSpec::read(const Resource& object) {
  SpecFault fault(object);
  HelmChartSpec spec;
  {
    SpecReader reader(object, fault);
    if (!reader.is_there()) fault.note("spec", "is missing");
    if (!reader.has("interval")) reader.wrong("interval", "is missing");
    spec.chart =
        read_chart_request(reader, object.id.namespace_name, Duration::zero(), spec.ignored);
    spec.is_suspended = reader.flag("suspend").value_or(false);
  }
  TRY(fault.result());
  return spec;
}

}  // namespace primocane
