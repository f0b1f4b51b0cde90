// SPDX-License-Identifier: Apache-2.0
#include "flux/helm_release_spec.hpp"

#include "base/sha256.hpp"
#include "flux/helm_release_actions.hpp"
#include "flux/spec_reader.hpp"
#include "resource/metadata.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t release_name_max = 53;
constexpr std::size_t path_max = 250;  // of a targetPath

// The pattern of the CRD: names, dots, slashes, backslashes, and indices of up to five digits.
bool is_target_path(std::string_view path) {
  constexpr std::string_view others = "_-.\\/";
  std::size_t digits = 0;
  bool is_index = false;
  for (const char c : path) {
    const bool is_digit = c >= '0' && c <= '9';
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (is_index) {
      if (c == ']' && digits > 0) {
        is_index = false;
      } else if (!is_digit || ++digits > 5) {
        return false;
      }
    } else if (c == '[') {
      is_index = true;
      digits = 0;
    } else if (!is_digit && !is_letter && others.find(c) == std::string_view::npos) {
      return false;
    }
  }
  return !is_index && path.size() <= path_max;
}

std::vector<ValuesReference> read_values_references(SpecReader& spec) {
  constexpr std::array<std::string_view, 2> kinds{"ConfigMap", "Secret"};
  std::vector<ValuesReference> references;
  for (SpecReader& item : spec.items("valuesFrom")) {
    ValuesReference reference;
    reference.kind = item.word("kind", kinds);
    if (!item.has("kind")) item.wrong("kind", "is missing: ConfigMap or Secret");
    reference.name = item.required_text("name");
    if (item.has("valuesKey")) reference.key = item.text("valuesKey");
    item.pass_over("valuesKey");
    reference.target_path = item.text("targetPath");
    if (!is_target_path(reference.target_path)) {
      item.wrong("targetPath",
                 "must be names and indices such as \"a.b[0]\", 250 characters at "
                 "most");
    }
    reference.is_optional = item.flag("optional").value_or(false);
    reference.is_literal = item.flag("literal").value_or(false);
    references.push_back(std::move(reference));
  }
  return references;
}

std::vector<ReleaseDependency> read_release_dependencies(SpecReader& spec, const ResourceId& id,
                                                         std::vector<std::string>& ignored) {
  std::vector<ReleaseDependency> dependencies;
  for (SpecReader& item : spec.items("dependsOn")) {
    ReleaseDependency dependency{.release = id, .ready_expression = {}};
    dependency.release.name = item.required_text("name");
    const std::string namespace_name = item.text("namespace");
    if (!namespace_name.empty()) dependency.release.namespace_name = namespace_name;
    dependency.ready_expression = item.text("readyExpr");
    if (item.has("readyExpr")) ignored.push_back(item.path() + ".readyExpr");
    dependencies.push_back(std::move(dependency));
  }
  return dependencies;
}

SourceReference read_chart_reference(SpecReader reader, const ResourceId& id) {
  constexpr std::array<std::string_view, 3> kinds{"OCIRepository", "HelmChart", "ExternalArtifact"};
  SourceReference reference;
  reader.pass_over("apiVersion");
  reference.kind = reader.word("kind", kinds);
  if (!reader.has("kind")) reader.wrong("kind", "is missing: OCIRepository or HelmChart");
  reference.name = reader.required_text("name");
  reference.namespace_name = reader.text("namespace");
  if (reference.namespace_name.empty()) reference.namespace_name = id.namespace_name;
  if (reference.kind == "ExternalArtifact") {
    reader.wrong("kind", "ExternalArtifact is not served: refer to the chart by an OCIRepository");
  }
  return reference;
}

void read_chart_template(SpecReader reader, HelmReleaseSpec& spec) {
  if (!reader.is_there()) return;
  if (reader.has("metadata")) spec.ignored.emplace_back("spec.chart.metadata");
  reader.pass_over("metadata");
  SpecReader chart = reader.mapping("spec");
  if (!chart.is_there()) chart.wrong("", "is missing");
  spec.chart = read_chart_request(chart, spec.id.namespace_name, spec.interval, spec.ignored);
}

void read_chart(SpecReader& reader, HelmReleaseSpec& spec) {
  if (reader.has("chart") == reader.has("chartRef")) {
    reader.wrong("", "must have either chart or chartRef");
  }
  read_chart_template(reader.mapping("chart"), spec);
  SpecReader reference = reader.mapping("chartRef");
  if (!reference.is_there()) return;
  spec.chart_reference = read_chart_reference(std::move(reference), spec.id);
}

// helmrelease_types.go: GetReleaseNamespace.
void read_release_names(SpecReader& reader, const Resource& object, HelmReleaseSpec& spec) {
  if (reader.text("releaseName").size() > release_name_max) {
    reader.wrong("releaseName", fmt::format("is longer than {} characters", release_name_max));
  }
  spec.release_name = release_name_of(object);
  spec.target_namespace = reader.text("targetNamespace");
  if (spec.target_namespace.empty()) spec.target_namespace = spec.id.namespace_name;
}

void read_values_of_release(SpecReader& reader, HelmReleaseSpec& spec) {
  spec.values_from = read_values_references(reader);
  if (const Value* values = reader.value("values")) spec.values = *values;
  if (spec.values.is_null() || spec.values.is_object()) return;
  reader.wrong("values", fmt::format("must be a mapping, not {}", to_string(spec.values.kind())));
}

}  // namespace

std::string short_release_name(std::string_view name) {
  constexpr std::size_t digits = 12;
  if (name.size() <= release_name_max) return std::string(name);
  return fmt::format("{}-{}", name.substr(0, release_name_max - digits - 1),
                     std::string_view(to_hex(sha256(name))).substr(0, digits));
}

std::string release_name_of(const Resource& object) {
  std::string name(object.object.text_at("spec", "releaseName"));
  const std::string_view target = object.object.text_at("spec", "targetNamespace");
  if (name.empty()) {
    name = target.empty() ? object.id.name : fmt::format("{}-{}", target, object.id.name);
  }
  return short_release_name(name);
}

Result<HelmReleaseSpec> HelmReleaseSpec::read(const Resource& object) {
  SpecFault fault(object);
  HelmReleaseSpec spec;
  spec.id = object.id;
  spec.origin = object.origin;
  spec.is_kept = is_never_pruned(object.object);
  {
    SpecReader reader(object, fault);
    if (!reader.is_there()) fault.note("spec", "is missing");
    if (!reader.has("interval")) reader.wrong("interval", "is missing");
    spec.interval = reader.duration("interval").value_or(Duration::zero());
    spec.timeout = reader.duration("timeout").value_or(std::chrono::minutes(5));
    spec.is_suspended = reader.flag("suspend").value_or(false);
    read_chart(reader, spec);
    read_release_names(reader, object, spec);
    spec.depends_on = read_release_dependencies(reader, spec.id, spec.ignored);
    read_values_of_release(reader, spec);
    read_release_actions(reader, spec);
  }
  TRY(fault.result());
  return spec;
}

}  // namespace primocane
