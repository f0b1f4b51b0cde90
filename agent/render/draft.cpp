// SPDX-License-Identifier: Apache-2.0
#include "render/draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace primocane {

namespace {

struct ScopedKind {
  std::string_view group;
  std::string_view version;  // empty for v1 and v1beta1
  std::string_view kind;
};

constexpr std::array<ScopedKind, 22> cluster_scoped_kinds = {{
    {"admissionregistration.k8s.io", "", "MutatingWebhookConfiguration"},
    {"admissionregistration.k8s.io", "", "ValidatingWebhookConfiguration"},
    {"apiextensions.k8s.io", "", "CustomResourceDefinition"},
    {"apiregistration.k8s.io", "", "APIService"},
    {"certificates.k8s.io", "", "CertificateSigningRequest"},
    {"flowcontrol.apiserver.k8s.io", "v1beta1", "FlowSchema"},
    {"flowcontrol.apiserver.k8s.io", "v1beta1", "PriorityLevelConfiguration"},
    {"networking.k8s.io", "", "IngressClass"},
    {"node.k8s.io", "", "RuntimeClass"},
    {"policy", "v1beta1", "PodSecurityPolicy"},
    {"rbac.authorization.k8s.io", "", "ClusterRole"},
    {"rbac.authorization.k8s.io", "", "ClusterRoleBinding"},
    {"scheduling.k8s.io", "", "PriorityClass"},
    {"storage.k8s.io", "", "CSIDriver"},
    {"storage.k8s.io", "", "CSINode"},
    {"storage.k8s.io", "", "StorageClass"},
    {"storage.k8s.io", "", "VolumeAttachment"},
    {"", "v1", "ComponentStatus"},
    {"", "v1", "Namespace"},
    {"", "v1", "Node"},
    {"", "v1", "NodeProxyOptions"},
    {"", "v1", "PersistentVolume"},
}};

constexpr std::string_view no_namespace = "_non_namespaceable_";

}  // namespace

bool is_cluster_scoped(const Resource& resource) {
  return std::ranges::any_of(cluster_scoped_kinds, [&](const ScopedKind& known) {
    if (known.kind != resource.id.kind || known.group != resource.id.group) return false;
    if (known.version.empty()) return resource.version == "v1" || resource.version == "v1beta1";
    return resource.version == known.version;
  });
}

std::string effective_namespace(const Resource& resource) {
  if (is_cluster_scoped(resource)) return std::string(no_namespace);
  return resource.id.namespace_name.empty() ? "default" : resource.id.namespace_name;
}

ResourceId effective_id(const Resource& resource) {
  ResourceId id = resource.id;
  id.namespace_name = effective_namespace(resource);
  return id;
}

ResourceId original_id(const Draft& draft) {
  return draft.previous.empty() ? effective_id(draft.resource) : draft.previous.front();
}

void store_previous_id(Draft& draft) { draft.previous.push_back(effective_id(draft.resource)); }

std::unexpected<Error> invalid_resource(const Resource& resource, std::string_view message) {
  return fail(ErrorKind::invalid, fmt::format("{}: {}: {}", to_string(resource.origin),
                                              to_string(resource.id), message));
}

}  // namespace primocane
