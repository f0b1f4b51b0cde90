// SPDX-License-Identifier: Apache-2.0
#include "resource/ignored_fields.hpp"

#include "resource/field_ownership.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace primocane;

namespace {

IgnoreRules rules(std::string_view text) {
  const Value list = yaml_value(text);
  return IgnoreRules::read(&list).value();
}

std::string error_of(std::string_view text) {
  const Value list = yaml_value(text);
  return IgnoreRules::read(&list).error().message;
}

std::vector<JsonPointer> paths(std::initializer_list<const char*> texts) {
  std::vector<JsonPointer> result;
  for (const char* text : texts) result.push_back(JsonPointer::parse(text).value());
  return result;
}

const Value deployment = yaml_value(R"({apiVersion: apps/v1, kind: Deployment, metadata: {name: web,
  namespace: shop, labels: {tier: front}, annotations: {scaled: "yes"}}})");

// Live: replicas were applied by an autoscaler, the image and the CPU of "web" by nobody but us.
const Value live = yaml_value(R"(
metadata:
  name: web
  managedFields:
  - {manager: primocane, operation: Apply, fieldsV1: {"f:spec": {"f:paused": {}, "f:containers": {
      'k:{"name":"web"}': {"f:image": {}, "f:cpu": {}}}}}}
  - {manager: scaler, operation: Apply, fieldsV1: {"f:spec": {"f:replicas": {}, "f:containers": {
      'k:{"name":"log"}': {"f:cpu": {}}}, "f:ports": {'k:{"containerPort":80}': {"f:name": {}}}}}}
  - {manager: edit, operation: Update, fieldsV1: {"f:spec": {"f:paused": {}}}}
  - {manager: other, operation: Apply, subresource: status, fieldsV1: {"f:spec": {"f:paused": {}}}}
spec:
  replicas: 7
  paused: true
  containers: [{name: web, image: v2, cpu: 2}, {name: log, cpu: 3}]
  ports: [{containerPort: 80, name: http}]
)");

}  // namespace

TEST_CASE("a rule is for the objects that its target names, or for all") {
  const auto count = [&](std::string_view target) {
    return rules("[{paths: [/spec/replicas], target: " + std::string(target) + "}]")
        .paths_for(deployment)
        .size();
  };
  CHECK(rules("[{paths: [/spec/replicas, /spec/paused]}]").paths_for(deployment).size() == 2);
  CHECK(count("{kind: Deployment, group: apps, version: v1, name: web, namespace: shop}") == 1);
  CHECK(count("{kind: Deploy}") == 0);
  CHECK(count("{kind: Deploy.*, name: w.b|x}") == 1);
  CHECK(count("{group: app}") == 0);
  CHECK(count("{version: v2}") == 0);
  CHECK(count("{namespace: other}") == 0);
  CHECK(count("{labelSelector: tier=front}") == 1);
  CHECK(count("{labelSelector: tier!=front}") == 0);
  CHECK(count("{annotationSelector: 'scaled in (yes)'}") == 1);
  CHECK(count("{annotationSelector: '!scaled'}") == 0);
  const Value nothing;
  CHECK(IgnoreRules::read(&nothing).value().empty());
  CHECK(IgnoreRules::read(nullptr).value().empty());
}

TEST_CASE("a wrong rule is told with its field") {
  CHECK(error_of("{}") == "ignore must be a list of at most 1000 rules");
  CHECK(error_of("[{}]") == "ignore[0].paths must be a list of 1 to 1000 paths");
  CHECK(error_of("[{paths: []}]") == "ignore[0].paths must be a list of 1 to 1000 paths");
  CHECK(error_of("[{paths: [/a, '']}]") ==
        "ignore[0].paths[1] must be a JSON pointer like /spec/replicas");
  CHECK(error_of("[{paths: [spec/replicas]}]").starts_with("ignore[0].paths[0]: "));
  CHECK(error_of("[{paths: [/a]}, {paths: [/a], target: {name: '('}}]")
            .starts_with("ignore[1].target.name: "));
  CHECK(error_of("[{paths: [/a], target: {name: 1}}]") == "ignore[0].target.name must be a string");
  CHECK(error_of("[{paths: [/a], target: {labelSelector: '='}}]")
            .starts_with("ignore[0].target.labelSelector: "));
}

TEST_CASE("a field that another manager applied is found by the keys of the items around it") {
  const auto is_applied = [](const char* path) {
    return is_applied_by_other(live, JsonPointer::parse(path).value(), "primocane");
  };
  CHECK(is_applied("/spec/replicas"));
  CHECK(is_applied("/spec/containers/1/cpu"));
  CHECK(is_applied("/spec/ports/0/name"));
  CHECK_FALSE(is_applied("/spec/containers/0/cpu"));
  CHECK_FALSE(is_applied("/spec/containers/5/cpu"));
  CHECK_FALSE(is_applied("/spec/paused"));
  CHECK_FALSE(is_applied("/spec/none"));
}

TEST_CASE("an ignored field is left out for another manager, else it keeps its live value") {
  const Value desired = yaml_value(R"({metadata: {name: web}, spec: {replicas: 2, paused: false,
    containers: [{name: web, image: v1, cpu: 1}, {name: log, cpu: 1}], gone: 1}})");
  CHECK(with_live_fields(desired, live,
                         paths({"/spec/replicas", "/spec/paused", "/spec/containers/0/cpu",
                                "/spec/containers/1/cpu", "/spec/gone", "/spec/never"}),
                         "primocane") == yaml_value(R"({metadata: {name: web}, spec: {paused: true,
          containers: [{name: web, image: v1, cpu: 2}, {name: log}]}})"));
  CHECK(with_live_fields(desired, live, {}, "primocane") == desired);
  // One that is as it should be stays declared, and so ours.
  const Value same = yaml_value("{spec: {replicas: 7}}");
  CHECK(with_live_fields(same, live, paths({"/spec/replicas"}), "primocane") == same);
}

TEST_CASE("what we would own must be what we own, but for ignored fields") {
  const Value merged = yaml_value(R"(
metadata:
  managedFields:
  - {manager: primocane, operation: Apply, fieldsV1: {"f:spec": {"f:paused": {}, "f:replicas": {},
      "f:containers": {'k:{"name":"web"}': {"f:image": {}, "f:cpu": {}},
                       'k:{"name":"log"}': {"f:cpu": {}}}}}}
spec:
  replicas: 7
  paused: true
  containers: [{name: web, image: v1, cpu: 1}, {name: log, cpu: 1}]
)");
  const auto same = [&](std::initializer_list<const char*> beyond) {
    return owns_the_same_beyond(live, merged, paths(beyond), "primocane");
  };
  CHECK(same({"/spec/replicas", "/spec/containers/1/cpu"}));
  CHECK(same({"/spec/replicas", "/spec/containers/1"}));
  CHECK(same({"/spec"}));
  CHECK_FALSE(same({"/spec/replicas"}));
  CHECK_FALSE(same({"/spec/containers/1/cpu"}));
  CHECK_FALSE(same({"/spec/replicas", "/spec/containers/0/cpu", "/spec/other/1", "/spec/ports/7"}));
  CHECK_FALSE(owns_the_same_beyond(live, yaml_value("{}"), {}, "primocane"));
  CHECK(owns_the_same_beyond(yaml_value("{}"), yaml_value("{}"), paths({"/spec"}), "primocane"));
  // Who owns the whole owns more than a field of it.
  const Value whole = yaml_value(
      "{metadata: {managedFields: [{manager: primocane, operation: Apply, fieldsV1: {'f:spec': "
      "{}}}]}, spec: {replicas: 7}}");
  const Value part = yaml_value(
      "{metadata: {managedFields: [{manager: primocane, operation: Apply, fieldsV1: {'f:spec': "
      "{'f:replicas': {}}}}]}, spec: {replicas: 7}}");
  CHECK_FALSE(owns_the_same_beyond(whole, part, paths({"/spec/replicas"}), "primocane"));
}

TEST_CASE("what differs in ignored fields, the status or other metadata has not drifted") {
  const Value before = yaml_value(R"({metadata: {name: a, labels: {a: b}, resourceVersion: "1"},
    spec: {replicas: 1, image: x}, status: {ready: 1}})");
  const auto drifted = [&](std::string_view after) {
    return has_drifted_beyond(before, yaml_value(after), paths({"/spec/replicas"}));
  };
  CHECK_FALSE(drifted(R"({metadata: {name: a, labels: {a: b}, annotations: {},
    resourceVersion: "2"}, spec: {replicas: 9, image: x}})"));
  CHECK(drifted("{metadata: {labels: {a: b}}, spec: {replicas: 1, image: y}}"));
  CHECK(drifted("{metadata: {labels: {a: c}}, spec: {replicas: 1, image: x}}"));
  CHECK(drifted("{metadata: {labels: {a: b}}, spec: {replicas: 1, image: x}, data: {}}"));
  CHECK_FALSE(drifted("{metadata: {labels: {a: b}}, spec: {image: x}}"));
}
