// SPDX-License-Identifier: Apache-2.0
#include "render/kustomization_fields.hpp"

#include "base/letter_case.hpp"
#include "document/schema_reader.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace primocane {

namespace {

constexpr std::array<std::string_view, 9> served_fields = {
    "apiVersion", "kind",       "metadata", "resources",        "namespace",
    "namePrefix", "nameSuffix", "labels",   "commonAnnotations"};

constexpr std::array<std::string_view, 25> unserved_fields = {"bases",
                                                              "buildMetadata",
                                                              "commonLabels",
                                                              "components",
                                                              "configMapGenerator",
                                                              "configurations",
                                                              "crds",
                                                              "generatorOptions",
                                                              "generators",
                                                              "helmChartInflationGenerator",
                                                              "helmCharts",
                                                              "helmGlobals",
                                                              "imageTags",
                                                              "images",
                                                              "openapi",
                                                              "patches",
                                                              "patchesJson6902",
                                                              "patchesStrategicMerge",
                                                              "replacements",
                                                              "replicas",
                                                              "secretGenerator",
                                                              "sortOptions",
                                                              "transformers",
                                                              "validators",
                                                              "vars"};

std::string_view find_in(std::span<const std::string_view> fields, std::string_view key) {
  const auto found = std::ranges::find_if(fields, [&](std::string_view field) {
    return std::ranges::equal(key, field, {}, to_lower, to_lower);
  });
  return found == fields.end() ? std::string_view() : *found;
}

}  // namespace

std::string_view field_called(std::string_view key) {
  const std::string_view served = find_in(served_fields, key);
  return served.empty() ? find_in(unserved_fields, key) : served;
}

std::string_view field_meant(std::string_view key) { return nearest(key, served_fields); }

bool is_served_field(std::string_view field) {
  return std::ranges::find(served_fields, field) != served_fields.end();
}

}  // namespace primocane
