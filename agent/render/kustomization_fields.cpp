// SPDX-License-Identifier: Apache-2.0
#include "render/kustomization_fields.hpp"

#include <array>

namespace primocane {

namespace {

constexpr std::array<std::string_view, 34> field_names = {"apiVersion",
                                                          "bases",
                                                          "buildMetadata",
                                                          "commonAnnotations",
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
                                                          "kind",
                                                          "labels",
                                                          "metadata",
                                                          "namePrefix",
                                                          "nameSuffix",
                                                          "namespace",
                                                          "openapi",
                                                          "patches",
                                                          "patchesJson6902",
                                                          "patchesStrategicMerge",
                                                          "replacements",
                                                          "replicas",
                                                          "resources",
                                                          "secretGenerator",
                                                          "sortOptions",
                                                          "transformers",
                                                          "validators",
                                                          "vars"};

}  // namespace

std::span<const std::string_view> kustomization_fields() { return field_names; }

}  // namespace primocane
