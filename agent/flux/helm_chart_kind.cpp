// SPDX-License-Identifier: Apache-2.0
#include "flux/helm_chart_kind.hpp"

#include <algorithm>

namespace primocane {

namespace {

const Value* spec_schema(const Value& definition) {
  const Value* versions = definition.find("spec", "versions");
  if (versions == nullptr || versions->as_array() == nullptr) return nullptr;
  for (const Value& version : *versions->as_array()) {
    if (version.text_at("name") != helm_chart_version) continue;
    return version.find("schema", "openAPIV3Schema", "properties", "spec", "properties");
  }
  return nullptr;
}

}  // namespace

ResourceId helm_chart_definition() {
  return {"apiextensions.k8s.io", "CustomResourceDefinition", "", "helmcharts.helm.cattle.io"};
}

ResourceId helm_chart_id(std::string_view namespace_name, std::string_view release) {
  return {std::string(helm_chart_group), "HelmChart", std::string(namespace_name),
          std::string(release)};
}

HelmChartKind::HelmChartKind(const Value& definition) {
  const Value* schema = spec_schema(definition);
  if (schema == nullptr || !schema->is_object()) return;
  for (const auto& [field, type] : *schema->as_object()) fields_.insert(field);
  const Value* policies = schema->find("failurePolicy", "enum");
  if (policies == nullptr || policies->as_array() == nullptr) return;
  const auto is_retry = [](const Value& policy) { return policy.scalar_text() == "retry"; };
  can_retry_ = std::ranges::any_of(*policies->as_array(), is_retry);
}

}  // namespace primocane
