// SPDX-License-Identifier: Apache-2.0
#include "resource/normalise.hpp"

#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>

namespace primocane {

using Catch::Matchers::ContainsSubstring;

namespace {

Value normalised(std::string_view yaml) {
  Resource resource = yaml_resource(yaml);
  REQUIRE(normalise(resource).has_value());
  return resource.object;
}

}  // namespace

TEST_CASE("a Secret's stringData moves into data and wins") {
  CHECK(normalised(R"(
apiVersion: v1
kind: Secret
metadata: {name: a}
data: {kept: YQ==, replaced: YQ==}
stringData: {replaced: b, added: "", nothing: }
)") == yaml_value(R"(
apiVersion: v1
kind: Secret
metadata: {name: a}
data: {kept: YQ==, replaced: Yg==, added: "", nothing: ""}
)"));
}

TEST_CASE("a Secret that stays encrypted loses what SOPS says of it, which is no field of it") {
  const Value secret = normalised(
      "{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {k: dg==}, sops: {mac: m}}");
  CHECK(secret.find("sops") == nullptr);
  CHECK(secret.text_at("data", "k") == "dg==");
}

TEST_CASE("a Secret with stringData alone gets data") {
  const Value secret =
      normalised("{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {k: v}}");
  CHECK(secret.find("stringData") == nullptr);
  CHECK(secret.text_at("data", "k") == "dg==");
}

TEST_CASE("empty stringData goes without making data") {
  for (const std::string_view empty : {"null", "{}"}) {
    const Value secret = normalised(fmt::format(
        "{{apiVersion: v1, kind: Secret, metadata: {{name: a}}, stringData: {}}}", empty));
    CHECK(secret.find("stringData") == nullptr);
    CHECK(secret.find("data") == nullptr);
  }
}

TEST_CASE("stringData of other kinds is theirs") {
  const Value object = normalised(
      "{apiVersion: example.org/v1, kind: Secret, metadata: {name: a}, stringData: {k: v}}");
  CHECK(object.text_at("stringData", "k") == "v");
}

TEST_CASE("stringData that holds no strings is refused with its place and without its value") {
  Resource secret = yaml_resource(
      "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  ok: a\n  pin: 987654\n");
  const auto result = normalise(secret);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().kind == ErrorKind::invalid);
  CHECK(result.error().message ==
        "test.yaml:6: Secret/a: stringData.pin must be a string: quote it");
  Resource list =
      yaml_resource("{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: [a]}");
  CHECK_FALSE(normalise(list).has_value());
}

TEST_CASE("a status is dropped but for definitions") {
  CHECK(normalised("{apiVersion: v1, kind: Service, metadata: {name: a}, status: {a: b}}")
            .find("status") == nullptr);
  CHECK(normalised("{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, "
                   "metadata: {name: a}, status: {a: b}}")
            .find("status") != nullptr);
}

TEST_CASE("metadata that only a server writes is dropped") {
  const Value object = normalised(R"(
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  namespace: n
  uid: 1-2-3
  resourceVersion: "7"
  generation: 2
  creationTimestamp: null
  deletionTimestamp: 2020-01-01T00:00:00Z
  deletionGracePeriodSeconds: 30
  selfLink: /x
  managedFields: []
  labels: {a: b}
  finalizers: [x/y]
  ownerReferences: []
)");
  CHECK(*object.find("metadata") ==
        yaml_value(
            "{name: a, namespace: n, labels: {a: b}, finalizers: [x/y], ownerReferences: []}"));
}

TEST_CASE("ports of a Service without protocol are TCP") {
  CHECK(
      *normalised(R"(
apiVersion: v1
kind: Service
metadata: {name: a}
spec: {ports: [{port: 1}, {port: 2, protocol: UDP}, {port: 3, protocol: ""}]}
)")
           .find("spec", "ports") ==
      yaml_value("[{port: 1, protocol: TCP}, {port: 2, protocol: UDP}, {port: 3, protocol: TCP}]"));
}

TEST_CASE("ports of Pods and their templates without protocol are TCP") {
  struct Case {
    std::string_view version_and_kind;
    std::string_view spec;  // with {} for the Pod's
  };
  const auto example =
      GENERATE(Case{"apiVersion: v1, kind: Pod", "{}"},
               Case{"apiVersion: apps/v1, kind: Deployment", "{{template: {{spec: {}}}}}"},
               Case{"apiVersion: apps/v1, kind: StatefulSet", "{{template: {{spec: {}}}}}"},
               Case{"apiVersion: apps/v1, kind: DaemonSet", "{{template: {{spec: {}}}}}"},
               Case{"apiVersion: apps/v1, kind: ReplicaSet", "{{template: {{spec: {}}}}}"},
               Case{"apiVersion: batch/v1, kind: Job", "{{template: {{spec: {}}}}}"},
               Case{"apiVersion: batch/v1, kind: CronJob",
                    "{{jobTemplate: {{spec: {{template: {{spec: {}}}}}}}}}"});
  const auto with = [&](std::string_view pod) {
    return fmt::format("{{{}, metadata: {{name: a}}, spec: {}}}", example.version_and_kind,
                       fmt::format(fmt::runtime(example.spec), pod));
  };
  CAPTURE(example.version_and_kind);
  CHECK(normalised(with("{containers: [{name: c, ports: [{containerPort: 1}, {containerPort: 2, "
                        "protocol: UDP}]}]}")) ==
        yaml_value(with("{containers: [{name: c, ports: [{containerPort: 1, protocol: TCP}, "
                        "{containerPort: 2, protocol: UDP}]}]}")));
}

TEST_CASE("an object that a server would refuse is passed on as it is") {
  for (const std::string_view yaml :
       {"{apiVersion: v1, kind: Service, metadata: {name: a}, spec: [1]}",
        "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [80, null]}}",
        "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: {a: b}}}",
        "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [a, {ports: x}]}}",
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}"}) {
    CHECK(normalised(yaml) == yaml_value(yaml));
  }
}

}  // namespace primocane
