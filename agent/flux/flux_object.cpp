// SPDX-License-Identifier: Apache-2.0
#include "flux/flux_object.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace primocane {

namespace {

bool is_group_of_flux(std::string_view group) {
  return group.ends_with(".toolkit.fluxcd.io") || group == "fluxcd.controlplane.io";
}

bool is_followed(const ResourceId& id) {
  if (id.group == "kustomize.toolkit.fluxcd.io") return id.kind == "Kustomization";
  if (id.group == "helm.toolkit.fluxcd.io") return id.kind == "HelmRelease";
  return is_followed_source(id);
}

bool has_labels_of_install(const Value& object) {
  const auto label = [&object](std::string_view key) {
    return object.text_at("metadata", "labels", key);
  };
  return label("app.kubernetes.io/part-of") == "flux" &&
         !label("app.kubernetes.io/instance").empty() &&
         !label("app.kubernetes.io/version").empty();
}

bool is_kind_of_install(const ResourceId& id) {
  constexpr std::array<std::string_view, 8> kinds{
      "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition",
      "Deployment",  "NetworkPolicy",      "ResourceQuota",
      "Service",     "ServiceAccount"};
  return std::ranges::find(kinds, id.kind) != kinds.end();
}

}  // namespace

bool is_followed_source(const ResourceId& id) {
  constexpr std::array<std::string_view, 4> kinds{"GitRepository", "OCIRepository",
                                                  "HelmRepository", "HelmChart"};
  return id.group == "source.toolkit.fluxcd.io" && std::ranges::find(kinds, id.kind) != kinds.end();
}

FluxRole flux_role_of(const Resource& object) {
  const ResourceId& id = object.id;
  if (is_group_of_flux(id.group)) {
    return is_followed(id) ? FluxRole::followed : FluxRole::not_served;
  }
  const bool is_definition_of_flux = id.kind == "CustomResourceDefinition" &&
                                     is_group_of_flux(object.object.text_at("spec", "group"));
  if (is_definition_of_flux) return FluxRole::controller;
  if (!has_labels_of_install(object.object)) return FluxRole::none;
  if (id.group.empty() && id.kind == "Namespace") return FluxRole::home;
  return is_kind_of_install(id) ? FluxRole::controller : FluxRole::none;
}

}  // namespace primocane
