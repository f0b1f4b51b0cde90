// SPDX-License-Identifier: Apache-2.0
#include "render/default_field_specs.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>

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

std::vector<FieldSpec> namespace_specs() {
  std::vector<FieldSpec> specs;
  append(specs, namespaces);
  return specs;
}

}  // namespace primocane
