// SPDX-License-Identifier: Apache-2.0
#include "flux/suspended_chart.hpp"

#include "flux/helm_chart.hpp"
#include "resource/well_known.hpp"

#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// What `live` says under each of `keys`, as an object that is never pruned.
Value kept_object(const Value& live, std::string_view api_version, std::string_view kind,
                  std::initializer_list<std::string_view> keys) {
  Object metadata{{"name", live.text_at("metadata", "name")},
                  {"namespace", live.text_at("metadata", "namespace")},
                  {"annotations", Object{{std::string(flux_prune_annotation), "disabled"}}}};
  Object object{{"apiVersion", api_version}, {"kind", kind}, {"metadata", std::move(metadata)}};
  for (const std::string_view key : keys) {
    if (const Value* value = live.find(key)) object.append(std::string(key), *value);
  }
  return object;
}

}  // namespace

std::vector<ResourceId> secrets_of_helm_chart(const ResourceId& id, const Value& chart) {
  std::vector<std::string_view> names{chart.text_at("spec", "authSecret", "name"),
                                      chart.text_at("spec", "dockerRegistrySecret", "name")};
  const Value* values = chart.find("spec", "valuesSecrets");
  if (values != nullptr && values->as_array() != nullptr) {
    for (const Value& secret : *values->as_array()) names.push_back(secret.text_at("name"));
  }
  std::vector<ResourceId> secrets;
  for (const std::string_view name : names) {
    ResourceId secret{"", "Secret", id.namespace_name, std::string(name)};
    if (helm_chart_of_secret(secret) == id) secrets.push_back(std::move(secret));
  }
  return secrets;
}

Result<std::vector<Resource>> suspended_objects(const HelmReleaseSpec& spec, const Value& chart,
                                                const std::vector<Value>& secrets) {
  std::vector<Resource> objects;
  for (const Value& secret : secrets) {
    Resource resource =
        TRY(Resource::make(kept_object(secret, "v1", "Secret", {"type", "data"}), spec.origin));
    objects.push_back(std::move(resource));
  }
  Value frozen = kept_object(chart, fmt::format("{}/{}", helm_chart_group, helm_chart_version),
                             "HelmChart", {"spec"});
  Value* annotations = frozen.as_object()->find("metadata")->as_object()->find("annotations");
  annotations->as_object()->append(std::string(unmanaged_chart_annotation), "suspended");
  Resource resource = TRY(Resource::make(std::move(frozen), spec.origin));
  objects.push_back(std::move(resource));
  return objects;
}

}  // namespace primocane
