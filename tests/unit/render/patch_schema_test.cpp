// SPDX-License-Identifier: Apache-2.0
#include "render/patch_schema.hpp"

#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

namespace primocane {

namespace {

// What the list at the end of the path is merged by: "name", "port protocol", "itself", "nothing",
// or "unknown" if the path leads nowhere. "[]" is an element.
std::string keys_at(const PatchSchema& schema, std::string_view api_version, std::string_view kind,
                    std::initializer_list<std::string_view> path) {
  auto type = schema.root(api_version, kind);
  for (const std::string_view step : path) {
    if (type) type = step == "[]" ? schema.elements(*type) : schema.field(*type, step);
  }
  if (!type) return "unknown";
  const auto keys = schema.merge_keys(*type);
  if (!keys) return "nothing";
  std::string text;
  for (const std::string_view key : *keys) text += (text.empty() ? "" : " ") + std::string(key);
  return text.empty() ? "itself" : text;
}

constexpr std::string_view openapi = R"(
definitions:
  widget:
    type: object
    properties:
      parts: {type: array, items: {$ref: '#/definitions/part'}, x-kubernetes-patch-strategy: merge,
              x-kubernetes-patch-merge-key: id}
      ports: {type: array, items: {type: object}, x-kubernetes-patch-strategy: 'merge,retainKeys',
              x-kubernetes-list-map-keys: [port, protocol]}
      tags: {type: [array], items: {type: string}, x-kubernetes-patch-strategy: merge}
      lists: {type: array, items: {$ref: '#/definitions/missing'}}
      named: {type: object, additionalProperties: {$ref: '#/definitions/part'}}
      ring: {$ref: '#/definitions/ring'}
    x-kubernetes-group-version-kind: [{group: example.com, version: v1, kind: Widget}]
  part:
    properties:
      more: {type: array, items: {$ref: '#/definitions/part'}, x-kubernetes-patch-strategy: merge,
             x-kubernetes-patch-merge-key: name}
  ring: {$ref: '#/definitions/ring'}
  other/pod:
    type: object
    x-kubernetes-group-version-kind: [{group: '', version: v1, kind: Pod}]
paths:
  /apis/example.com/v1/widgets:
    get: {x-kubernetes-group-version-kind: {group: example.com, version: v1, kind: Widget}}
  /apis/example.com/v1/namespaces/{namespace}/tools:
    get: {x-kubernetes-group-version-kind: {group: example.com, version: v1, kind: Tool}}
  /apis/example.com/v1/tools:
    get: {x-kubernetes-group-version-kind: {group: example.com, version: v1, kind: Tool}}
  /api/v1/pods:
    get: {x-kubernetes-group-version-kind: {group: '', version: v1, kind: Pod}}
)";

PatchSchema written(BuiltInTypes built_in) {
  return PatchSchema::read(yaml_value(openapi), "schema.yaml", built_in).value();
}

}  // namespace

TEST_CASE("the lists of Kubernetes's own types are merged by their keys") {
  const PatchSchema schema;
  const auto in_pod = [&](std::initializer_list<std::string_view> path) {
    return keys_at(schema, "v1", "Pod", path);
  };
  CHECK(in_pod({"spec", "containers"}) == "name");
  CHECK(in_pod({"spec", "containers", "[]", "ports"}) == "containerPort protocol");
  CHECK(in_pod({"spec", "containers", "[]", "volumeMounts"}) == "mountPath");
  CHECK(in_pod({"spec", "containers", "[]", "args"}) == "unknown");
  CHECK(in_pod({"spec", "tolerations"}) == "unknown");
  CHECK(in_pod({"metadata", "finalizers"}) == "itself");
  CHECK(in_pod({"spec"}) == "nothing");
  CHECK(in_pod({"containers"}) == "unknown");
  CHECK(keys_at(schema, "apps/v1", "StatefulSet", {"spec", "template", "spec", "volumes"}) ==
        "name");
  CHECK(keys_at(schema, "v1", "Service", {"spec", "ports"}) == "port protocol");
  CHECK(keys_at(schema, "batch/v1", "CronJob",
                {"spec", "jobTemplate", "spec", "template", "spec", "initContainers", "[]",
                 "env"}) == "name");
  CHECK(keys_at(schema, "apps/v1", "Pod", {}) == "unknown");
  CHECK(keys_at(schema, "example.com/v1", "Widget", {}) == "unknown");
}

TEST_CASE("kinds without a namespace are known as far as kustomize knows them") {
  CHECK(is_cluster_scoped_kind("", "v1", "Namespace") == true);
  CHECK(is_cluster_scoped_kind("", "v1", "Pod") == false);
  CHECK(is_cluster_scoped_kind("rbac.authorization.k8s.io", "v1", "ClusterRole") == true);
  CHECK(is_cluster_scoped_kind("rbac.authorization.k8s.io", "v1beta1", "Role") == false);
  CHECK(is_cluster_scoped_kind("policy", "v1beta1", "PodSecurityPolicy") == true);
  CHECK(is_cluster_scoped_kind("", "v1", "NodeProxyOptions") == true);
  CHECK(is_cluster_scoped_kind("autoscaling", "v2", "HorizontalPodAutoscaler") == std::nullopt);
  CHECK(is_cluster_scoped_kind("apps", "v1", "Namespace") == std::nullopt);
  CHECK(is_cluster_scoped_kind("", "v1", "PodList") == std::nullopt);
}

TEST_CASE("a document of types is read") {
  const PatchSchema schema = written(BuiltInTypes::left_out);
  const auto in_widget = [&](std::initializer_list<std::string_view> path) {
    return keys_at(schema, "example.com/v1", "Widget", path);
  };
  CHECK(in_widget({"parts"}) == "id");
  CHECK(in_widget({"parts", "[]", "more", "[]", "more"}) == "name");
  CHECK(in_widget({"ports"}) == "port protocol");
  CHECK(in_widget({"tags"}) == "itself");
  CHECK(in_widget({"lists"}) == "nothing");
  CHECK(in_widget({"lists", "[]"}) == "unknown");
  CHECK(in_widget({"named", "any", "more"}) == "name");
  CHECK(in_widget({"ring"}) == "unknown");
  CHECK(in_widget({"missing"}) == "unknown");
}

TEST_CASE("a document of types replaces the built-in ones, or is put before or behind them") {
  const auto of_pod = [](BuiltInTypes built_in) {
    return keys_at(written(built_in), "v1", "Pod", {"spec", "containers"});
  };
  CHECK(of_pod(BuiltInTypes::left_out) == "unknown");
  CHECK(of_pod(BuiltInTypes::first) == "name");
  CHECK(of_pod(BuiltInTypes::last) == "unknown");
  const auto of_service = [](BuiltInTypes built_in) {
    return keys_at(written(built_in), "v1", "Service", {"spec", "ports"});
  };
  CHECK(of_service(BuiltInTypes::left_out) == "unknown");
  CHECK(of_service(BuiltInTypes::first) == "port protocol");
  CHECK(of_service(BuiltInTypes::last) == "port protocol");
  CHECK(keys_at(written(BuiltInTypes::left_out), "kustomize.config.k8s.io/v1beta1", "Kustomization",
                {"configMapGenerator"}) == "name");
}

TEST_CASE("the paths of a document tell which of its kinds have a namespace") {
  const PatchSchema schema = written(BuiltInTypes::left_out);
  CHECK(schema.is_cluster_scoped("example.com", "v1", "Widget") == true);
  CHECK(schema.is_cluster_scoped("example.com", "v1", "Tool") == false);
  CHECK(schema.is_cluster_scoped("example.com", "v1", "Other") == std::nullopt);
  CHECK(schema.is_cluster_scoped("", "v1", "Pod") == false);
  CHECK(PatchSchema().is_cluster_scoped("", "v1", "Node") == true);
}

TEST_CASE("what is no document of types is an error with its place") {
  const auto message = [](std::string_view text) {
    const auto schema = PatchSchema::read(yaml_value(text), "schema.yaml", BuiltInTypes::left_out);
    return schema ? "" : schema.error().message;
  };
  CHECK(message("[a]") == "schema.yaml:1: an OpenAPI document must be a mapping, not a list");
  CHECK(message("a: 1\ndefinitions: []") ==
        "schema.yaml:2: definitions must be a mapping, not a list");
  CHECK(message("definitions:\n  a: b") ==
        "schema.yaml:2: definition a must be a mapping, not a string");
  CHECK(message("definitions:\n  a:\n  b: {type: 5, $ref: 7, properties: {x: }}").empty());
  CHECK(message("swagger: '2.0'").empty());
}

}  // namespace primocane
