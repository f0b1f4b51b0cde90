// SPDX-License-Identifier: Apache-2.0
#include "render/name_reference_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

struct Target {
  std::string_view group;
  std::string_view version;
  std::string_view kind;
};

constexpr Target config_map{"", "v1", "ConfigMap"};
constexpr Target secret{"", "v1", "Secret"};
constexpr Target service{"", "v1", "Service"};
constexpr Target service_account{"", "v1", "ServiceAccount"};
constexpr Target volume_claim{"", "v1", "PersistentVolumeClaim"};
constexpr Target volume{"", "v1", "PersistentVolume"};
constexpr Target storage_class{"storage.k8s.io", "v1", "StorageClass"};
constexpr Target priority_class{"scheduling.k8s.io", "v1", "PriorityClass"};
constexpr Target role{"rbac.authorization.k8s.io", "", "Role"};
constexpr Target cluster_role{"rbac.authorization.k8s.io", "", "ClusterRole"};

// A kind that holds a Pod's spec, and where.
struct PodHolder {
  std::string_view version;
  std::string_view kind;
  std::string_view path;
};

constexpr std::array<PodHolder, 8> config_readers = {{
    {"v1", "Pod", "spec"},
    {"", "PodTemplate", "template/spec"},
    {"", "Deployment", "spec/template/spec"},
    {"", "ReplicaSet", "spec/template/spec"},
    {"", "DaemonSet", "spec/template/spec"},
    {"", "StatefulSet", "spec/template/spec"},
    {"", "Job", "spec/template/spec"},
    {"", "CronJob", "spec/jobTemplate/spec/template/spec"},
}};

constexpr std::array<PodHolder, 7> workloads = {{
    {"", "Pod", "spec"},
    {"", "StatefulSet", "spec/template/spec"},
    {"", "Deployment", "spec/template/spec"},
    {"", "ReplicationController", "spec/template/spec"},
    {"", "CronJob", "spec/jobTemplate/spec/template/spec"},
    {"", "Job", "spec/template/spec"},
    {"", "DaemonSet", "spec/template/spec"},
}};

enum class Holders : std::uint8_t { read_config, run };

// A field in a Pod's spec.
struct PodField {
  Target target;
  Holders holders;
  std::string_view path;
};

constexpr std::array<PodField, 16> pod_fields = {{
    {config_map, Holders::read_config, "volumes/configMap/name"},
    {config_map, Holders::read_config, "containers/env/valueFrom/configMapKeyRef/name"},
    {config_map, Holders::read_config, "initContainers/env/valueFrom/configMapKeyRef/name"},
    {config_map, Holders::read_config, "containers/envFrom/configMapRef/name"},
    {config_map, Holders::read_config, "initContainers/envFrom/configMapRef/name"},
    {config_map, Holders::read_config, "volumes/projected/sources/configMap/name"},
    {secret, Holders::read_config, "volumes/secret/secretName"},
    {secret, Holders::read_config, "containers/env/valueFrom/secretKeyRef/name"},
    {secret, Holders::read_config, "initContainers/env/valueFrom/secretKeyRef/name"},
    {secret, Holders::read_config, "containers/envFrom/secretRef/name"},
    {secret, Holders::read_config, "initContainers/envFrom/secretRef/name"},
    {secret, Holders::read_config, "imagePullSecrets/name"},
    {secret, Holders::read_config, "volumes/projected/sources/secret/name"},
    {service_account, Holders::run, "serviceAccountName"},
    {volume_claim, Holders::run, "volumes/persistentVolumeClaim/claimName"},
    {priority_class, Holders::run, "priorityClassName"},
}};

// A field of one kind.
struct Field {
  Target target;
  std::string_view group;
  std::string_view version;
  std::string_view kind;
  std::string_view path;
};

// Left out: IngressClass. kustomize's row for it names the group "networking.k8s.io/v1", which no
// object has, so that it never renames that reference.
constexpr std::array<Field, 41> fields = {{
    {storage_class, "", "", "PersistentVolume", "spec/storageClassName"},
    {storage_class, "", "", "PersistentVolumeClaim", "spec/storageClassName"},
    {storage_class, "", "", "StatefulSet", "spec/volumeClaimTemplates/spec/storageClassName"},
    {service_account, "rbac.authorization.k8s.io", "", "RoleBinding", "subjects"},
    {service_account, "rbac.authorization.k8s.io", "", "ClusterRoleBinding", "subjects"},
    {role, "rbac.authorization.k8s.io", "", "RoleBinding", "roleRef/name"},
    {cluster_role, "rbac.authorization.k8s.io", "", "RoleBinding", "roleRef/name"},
    {cluster_role, "rbac.authorization.k8s.io", "", "ClusterRoleBinding", "roleRef/name"},
    {config_map, "", "", "Node", "spec/configSource/configMap"},
    {config_map, "", "", "Role", "rules/resourceNames"},
    {config_map, "", "", "ClusterRole", "rules/resourceNames"},
    {config_map, "", "", "Ingress",
     "metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap"},
    {secret, "", "", "Ingress", "spec/tls/secretName"},
    {secret, "", "", "Ingress", "metadata/annotations/ingress.kubernetes.io\\/auth-secret"},
    {secret, "", "", "Ingress", "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret"},
    {secret, "", "", "Ingress",
     "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret"},
    // Twice, as in kustomize: what the first one puts there may be the former name of another.
    {secret, "", "", "Ingress", "spec/tls/secretName"},
    {secret, "", "", "ServiceAccount", "imagePullSecrets/name"},
    {secret, "", "", "StorageClass", "parameters/secretName"},
    {secret, "", "", "StorageClass", "parameters/adminSecretName"},
    {secret, "", "", "StorageClass", "parameters/userSecretName"},
    {secret, "", "", "StorageClass", "parameters/secretRef"},
    {secret, "", "", "Role", "rules/resourceNames"},
    {secret, "", "", "ClusterRole", "rules/resourceNames"},
    {secret, "serving.knative.dev", "v1", "Service",
     "spec/template/spec/containers/env/valueFrom/secretKeyRef/name"},
    {secret, "", "", "PersistentVolume", "spec/azureFile/secretName"},
    {service, "apps", "", "StatefulSet", "spec/serviceName"},
    {service, "", "", "Ingress", "spec/rules/http/paths/backend/serviceName"},
    {service, "", "", "Ingress", "spec/backend/serviceName"},
    {service, "", "", "Ingress", "spec/rules/http/paths/backend/service/name"},
    {service, "", "", "Ingress", "spec/defaultBackend/service/name"},
    {service, "apiregistration.k8s.io", "", "APIService", "spec/service/name"},
    {service, "admissionregistration.k8s.io", "", "ValidatingWebhookConfiguration",
     "webhooks/clientConfig/service"},
    {service, "admissionregistration.k8s.io", "", "MutatingWebhookConfiguration",
     "webhooks/clientConfig/service"},
    {volume, "", "", "PersistentVolumeClaim", "spec/volumeName"},
    {volume, "", "", "ClusterRole", "rules/resourceNames"},
    {Target{"", "", "Deployment"}, "", "", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name"},
    {Target{"", "", "StatefulSet"}, "", "", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name"},
    {Target{"admissionregistration.k8s.io", "", "ValidatingAdmissionPolicy"},
     "admissionregistration.k8s.io", "", "ValidatingAdmissionPolicyBinding", "spec/policyName"},
    {Target{"", "", "ReplicaSet"}, "", "", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name"},
    {Target{"", "", "ReplicationController"}, "", "", "HorizontalPodAutoscaler",
     "spec/scaleTargetRef/name"},
}};

VersionedKind kind_of(const Target& target) {
  return {.group = std::string(target.group),
          .version = std::string(target.version),
          .kind = std::string(target.kind)};
}

// Puts a referrer to those of its target.
void add(std::vector<NameBackReference>& references, const Target& target, FieldSpec referrer) {
  VersionedKind kind = kind_of(target);
  auto known = std::ranges::find(references, kind, &NameBackReference::target);
  if (known == references.end()) {
    references.push_back({.target = std::move(kind), .referrers = {}});
    known = std::prev(references.end());
  }
  known->referrers.push_back(std::move(referrer));
}

void add_pod_field(std::vector<NameBackReference>& references, const PodField& field) {
  const auto holders = field.holders == Holders::run ? std::span<const PodHolder>(workloads)
                                                     : std::span<const PodHolder>(config_readers);
  for (const PodHolder& holder : holders) {
    add(references, field.target,
        {.group = {},
         .version = std::string(holder.version),
         .kind = std::string(holder.kind),
         .path = fmt::format("{}/{}", holder.path, field.path)});
  }
}

}  // namespace

std::vector<NameBackReference> default_name_references() {
  std::vector<NameBackReference> references;
  for (const PodField& field : pod_fields) add_pod_field(references, field);
  for (const Field& field : fields) {
    add(references, field.target,
        {.group = std::string(field.group),
         .version = std::string(field.version),
         .kind = std::string(field.kind),
         .path = std::string(field.path)});
  }
  return references;
}

}  // namespace primocane
