// SPDX-License-Identifier: Apache-2.0
#include "support/fake_cluster.hpp"

#include <array>
#include <string_view>

namespace primocane {

namespace {

struct KindRow {
  std::string_view group;
  std::string_view version;
  std::string_view kind;
  std::string_view plural;
  Scope scope;
};

constexpr std::array<KindRow, 36> plain_rows = {{
    {"", "v1", "ConfigMap", "configmaps", Scope::namespaced},
    {"", "v1", "Endpoints", "endpoints", Scope::namespaced},
    {"", "v1", "Event", "events", Scope::namespaced},
    {"", "v1", "LimitRange", "limitranges", Scope::namespaced},
    {"", "v1", "Namespace", "namespaces", Scope::cluster},
    {"", "v1", "Node", "nodes", Scope::cluster},
    {"", "v1", "PersistentVolume", "persistentvolumes", Scope::cluster},
    {"", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", Scope::namespaced},
    {"", "v1", "Pod", "pods", Scope::namespaced},
    {"", "v1", "ResourceQuota", "resourcequotas", Scope::namespaced},
    {"", "v1", "Secret", "secrets", Scope::namespaced},
    {"", "v1", "Service", "services", Scope::namespaced},
    {"", "v1", "ServiceAccount", "serviceaccounts", Scope::namespaced},
    {"admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration",
     "mutatingwebhookconfigurations", Scope::cluster},
    {"admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration",
     "validatingwebhookconfigurations", Scope::cluster},
    {"apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions",
     Scope::cluster},
    {"apiregistration.k8s.io", "v1", "APIService", "apiservices", Scope::cluster},
    {"apps", "v1", "DaemonSet", "daemonsets", Scope::namespaced},
    {"apps", "v1", "Deployment", "deployments", Scope::namespaced},
    {"apps", "v1", "ReplicaSet", "replicasets", Scope::namespaced},
    {"apps", "v1", "StatefulSet", "statefulsets", Scope::namespaced},
    {"autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", Scope::namespaced},
    {"batch", "v1", "CronJob", "cronjobs", Scope::namespaced},
    {"batch", "v1", "Job", "jobs", Scope::namespaced},
    {"coordination.k8s.io", "v1", "Lease", "leases", Scope::namespaced},
    {"discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", Scope::namespaced},
    {"networking.k8s.io", "v1", "Ingress", "ingresses", Scope::namespaced},
    {"networking.k8s.io", "v1", "IngressClass", "ingressclasses", Scope::cluster},
    {"networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", Scope::namespaced},
    {"policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", Scope::namespaced},
    {"rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", Scope::cluster},
    {"rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings",
     Scope::cluster},
    {"rbac.authorization.k8s.io", "v1", "Role", "roles", Scope::namespaced},
    {"rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", Scope::namespaced},
    {"scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", Scope::cluster},
    {"storage.k8s.io", "v1", "StorageClass", "storageclasses", Scope::cluster},
}};

}  // namespace

std::vector<ServedKind> plain_kinds() {
  std::vector<ServedKind> kinds;
  for (const KindRow& row : plain_rows) {
    kinds.push_back({.group_kind = {std::string(row.group), std::string(row.kind)},
                     .versions = {std::string(row.version)},
                     .plural = std::string(row.plural),
                     .scope = row.scope});
  }
  return kinds;
}

}  // namespace primocane
