// SPDX-License-Identifier: Apache-2.0
#include "render/default_field_specs.hpp"

#include <fmt/format.h>

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

struct Row {
  std::string_view group;
  std::string_view version;
  std::string_view kind;
  std::string_view path;
  CreateField create;
};

// metadatalabels.go, which templatelabels.go and commonlabels.go hold too.
constexpr std::array<Row, 10> template_labels = {{
    {"", "", "", "metadata/labels", CreateField::yes},
    {"", "v1", "ReplicationController", "spec/template/metadata/labels", CreateField::yes},
    {"", "", "Deployment", "spec/template/metadata/labels", CreateField::yes},
    {"", "", "ReplicaSet", "spec/template/metadata/labels", CreateField::yes},
    {"", "", "DaemonSet", "spec/template/metadata/labels", CreateField::yes},
    {"apps", "", "StatefulSet", "spec/template/metadata/labels", CreateField::yes},
    {"apps", "", "StatefulSet", "spec/volumeClaimTemplates[]/metadata/labels", CreateField::yes},
    {"batch", "", "Job", "spec/template/metadata/labels", CreateField::yes},
    {"batch", "", "CronJob", "spec/jobTemplate/metadata/labels", CreateField::yes},
    {"batch", "", "CronJob", "spec/jobTemplate/spec/template/metadata/labels", CreateField::yes},
}};

// commonlabels.go, before those.
constexpr std::array<Row, 22> selector_labels = {{
    {"", "v1", "Service", "spec/selector", CreateField::yes},
    {"", "v1", "ReplicationController", "spec/selector", CreateField::yes},
    {"", "", "Deployment", "spec/selector/matchLabels", CreateField::yes},
    {"apps", "", "Deployment",
     "spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/"
     "podAffinityTerm/labelSelector/matchLabels",
     CreateField::no},
    {"apps", "", "Deployment",
     "spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/"
     "labelSelector/matchLabels",
     CreateField::no},
    {"apps", "", "Deployment",
     "spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/"
     "podAffinityTerm/labelSelector/matchLabels",
     CreateField::no},
    {"apps", "", "Deployment",
     "spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/"
     "labelSelector/matchLabels",
     CreateField::no},
    {"apps", "", "Deployment",
     "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels", CreateField::no},
    {"", "", "ReplicaSet", "spec/selector/matchLabels", CreateField::yes},
    {"", "", "DaemonSet", "spec/selector/matchLabels", CreateField::yes},
    {"apps", "", "StatefulSet", "spec/selector/matchLabels", CreateField::yes},
    {"apps", "", "StatefulSet",
     "spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/"
     "podAffinityTerm/labelSelector/matchLabels",
     CreateField::no},
    {"apps", "", "StatefulSet",
     "spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/"
     "labelSelector/matchLabels",
     CreateField::no},
    {"apps", "", "StatefulSet",
     "spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/"
     "podAffinityTerm/labelSelector/matchLabels",
     CreateField::no},
    {"apps", "", "StatefulSet",
     "spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/"
     "labelSelector/matchLabels",
     CreateField::no},
    {"apps", "", "StatefulSet",
     "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels", CreateField::no},
    {"batch", "", "Job", "spec/selector/matchLabels", CreateField::no},
    {"batch", "", "CronJob", "spec/jobTemplate/spec/selector/matchLabels", CreateField::no},
    {"policy", "", "PodDisruptionBudget", "spec/selector/matchLabels", CreateField::no},
    {"networking.k8s.io", "", "NetworkPolicy", "spec/podSelector/matchLabels", CreateField::no},
    {"networking.k8s.io", "", "NetworkPolicy", "spec/ingress/from/podSelector/matchLabels",
     CreateField::no},
    {"networking.k8s.io", "", "NetworkPolicy", "spec/egress/to/podSelector/matchLabels",
     CreateField::no},
}};

// commonannotations.go
constexpr std::array<Row, 9> common_annotations = {{
    {"", "", "", "metadata/annotations", CreateField::yes},
    {"", "v1", "ReplicationController", "spec/template/metadata/annotations", CreateField::yes},
    {"", "", "Deployment", "spec/template/metadata/annotations", CreateField::yes},
    {"", "", "ReplicaSet", "spec/template/metadata/annotations", CreateField::yes},
    {"", "", "DaemonSet", "spec/template/metadata/annotations", CreateField::yes},
    {"", "", "StatefulSet", "spec/template/metadata/annotations", CreateField::yes},
    {"batch", "", "Job", "spec/template/metadata/annotations", CreateField::yes},
    {"batch", "", "CronJob", "spec/jobTemplate/metadata/annotations", CreateField::yes},
    {"batch", "", "CronJob", "spec/jobTemplate/spec/template/metadata/annotations",
     CreateField::yes},
}};

// namespace.go
constexpr std::array<Row, 3> namespaces = {{
    {"", "", "Namespace", "metadata/name", CreateField::yes},
    {"apiregistration.k8s.io", "", "APIService", "spec/service/namespace", CreateField::yes},
    {"apiextensions.k8s.io", "", "CustomResourceDefinition",
     "spec/conversion/webhook/clientConfig/service/namespace", CreateField::no},
}};

// images.go
constexpr std::array<Row, 6> images = {{
    {"", "", "", "spec/containers[]/image", CreateField::yes},
    {"", "", "", "spec/initContainers[]/image", CreateField::yes},
    {"", "", "", "spec/volumes[]/image/reference", CreateField::yes},
    {"", "", "", "spec/template/spec/containers[]/image", CreateField::yes},
    {"", "", "", "spec/template/spec/initContainers[]/image", CreateField::yes},
    {"", "", "", "spec/template/spec/volumes[]/image/reference", CreateField::yes},
}};

// replicas.go
constexpr std::array<Row, 4> replicas = {{
    {"", "", "Deployment", "spec/replicas", CreateField::yes},
    {"", "", "ReplicationController", "spec/replicas", CreateField::yes},
    {"", "", "ReplicaSet", "spec/replicas", CreateField::yes},
    {"", "", "StatefulSet", "spec/replicas", CreateField::yes},
}};

// varreference.go: in each Pod's spec these fields of the containers,
constexpr std::array<std::string_view, 4> container_variables = {"args", "command", "env/value",
                                                                 "volumeMounts/mountPath"};
// of these kinds,
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> variable_holders = {{
    {"CronJob", "spec/jobTemplate/spec/template/spec"},
    {"DaemonSet", "spec/template/spec"},
    {"Deployment", "spec/template/spec"},
    {"Job", "spec/template/spec"},
    {"Pod", "spec"},
    {"ReplicaSet", "spec/template/spec"},
    {"StatefulSet", "spec/template/spec"},
}};
// and these. Of volumes the server of an NFS only.
constexpr std::array<Row, 16> other_variables = {{
    {"", "", "CronJob", "spec/jobTemplate/spec/template/volumes/nfs/server", CreateField::no},
    {"", "", "DaemonSet", "spec/template/spec/volumes/nfs/server", CreateField::no},
    {"", "", "Deployment", "spec/template/spec/volumes/nfs/server", CreateField::no},
    {"", "", "Deployment", "spec/template/metadata/annotations", CreateField::no},
    {"", "", "Ingress", "spec/rules/host", CreateField::no},
    {"", "", "Ingress", "spec/tls/hosts", CreateField::no},
    {"", "", "Ingress", "spec/tls/secretName", CreateField::no},
    {"", "", "Job", "spec/template/spec/volumes/nfs/server", CreateField::no},
    {"", "", "Pod", "spec/volumes/nfs/server", CreateField::no},
    {"", "", "ReplicaSet", "spec/template/spec/volumes/nfs/server", CreateField::no},
    {"", "", "Service", "spec/ports/port", CreateField::no},
    {"", "", "Service", "spec/ports/targetPort", CreateField::no},
    {"", "", "StatefulSet", "spec/volumeClaimTemplates/spec/nfs/server", CreateField::no},
    {"", "", "PersistentVolume", "spec/nfs/server", CreateField::no},
    {"", "", "", "metadata/labels", CreateField::no},
    {"", "", "", "metadata/annotations", CreateField::no},
}};

void append(std::vector<FieldSpec>& specs, std::span<const Row> rows) {
  for (const Row& row : rows) {
    specs.push_back({.group = std::string(row.group),
                     .version = std::string(row.version),
                     .kind = std::string(row.kind),
                     .path = std::string(row.path),
                     .create = row.create});
  }
}

}  // namespace

std::vector<FieldSpec> template_label_specs() {
  std::vector<FieldSpec> specs;
  append(specs, template_labels);
  return specs;
}

std::vector<FieldSpec> selector_label_specs() {
  std::vector<FieldSpec> specs;
  append(specs, selector_labels);
  append(specs, template_labels);
  return specs;
}

std::vector<FieldSpec> metadata_label_specs() {
  std::vector<FieldSpec> specs;
  append(specs, std::span(template_labels).first(1));
  return specs;
}

std::vector<FieldSpec> common_annotation_specs() {
  std::vector<FieldSpec> specs;
  append(specs, common_annotations);
  return specs;
}

std::vector<FieldSpec> name_specs() {
  return {{.group = {}, .version = {}, .kind = {}, .path = "metadata/name"}};
}

std::vector<FieldSpec> image_specs() {
  std::vector<FieldSpec> specs;
  append(specs, images);
  return specs;
}

std::vector<FieldSpec> replica_specs() {
  std::vector<FieldSpec> specs;
  append(specs, replicas);
  return specs;
}

std::vector<FieldSpec> variable_specs() {
  std::vector<FieldSpec> specs;
  for (const auto& [kind, path] : variable_holders) {
    for (const std::string_view containers : {"containers", "initContainers"}) {
      for (const std::string_view field : container_variables) {
        specs.push_back({.group = {},
                         .version = {},
                         .kind = std::string(kind),
                         .path = fmt::format("{}/{}/{}", path, containers, field)});
      }
    }
  }
  append(specs, other_variables);
  return specs;
}

std::vector<FieldSpec> namespace_specs() {
  std::vector<FieldSpec> specs;
  append(specs, namespaces);
  return specs;
}

}  // namespace primocane
