// SPDX-License-Identifier: Apache-2.0
#include "render/strategic_merge.hpp"

#include "document/json.hpp"
#include "document/key_order.hpp"
#include "document/yaml_writer.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view deployment = "apiVersion: apps/v1\nkind: Deployment\n";
constexpr std::string_view widget = "apiVersion: example.com/v1\nkind: Widget\n";

Value with_head(std::string_view head, std::string_view body) {
  return yaml_value(fmt::format("{}{}", head, body));
}

// As kustomize prints it, without apiVersion and kind.
std::string merged(std::string_view head, std::string_view target, std::string_view patch) {
  Value object = with_head(head, target);
  const auto outcome = strategic_merge(object, with_head(head, patch), PatchSchema());
  if (!outcome) return outcome.error().message;
  if (*outcome == MergeOutcome::deleted) return "deleted";
  object.as_object()->erase("apiVersion");
  object.as_object()->erase("kind");
  return write_yaml(in_printed_order(std::move(object)));
}

std::string in_pod(std::string_view field) {
  return fmt::format("spec:\n  template:\n    spec:\n      {}\n", field);
}

}  // namespace

TEST_CASE("fields of the patch replace those of the object, and null removes them") {
  CHECK(merged(widget, "spec: {a: 1, b: 2, c: 3}", "spec: {b: null, c: 4, d: {e: 5}}") ==
        "spec:\n  a: 1\n  c: 4\n  d:\n    e: 5\n");
  CHECK(merged(widget, "spec: {a: {b: 1}}", "spec: null") == "{}\n");
  CHECK(merged(widget, "spec: null", "spec: {a: 1, b: null}") == "spec:\n  a: 1\n");
}

TEST_CASE("the lists of a custom resource are replaced") {
  CHECK(merged(widget, "spec: {env: [{name: a}]}", "spec: {env: [{name: b}]}") ==
        "spec:\n  env:\n  - name: b\n");
}

TEST_CASE("an object within a custom resource is merged by its own kind") {
  CHECK(merged(widget, "spec: {apiVersion: v1, kind: Pod, spec: {containers: [{name: a}]}}",
               "spec: {spec: {containers: [{name: b}]}}") ==
        "spec:\n  apiVersion: v1\n  kind: Pod\n  spec:\n    containers:\n    - name: b\n"
        "    - name: a\n");
}

TEST_CASE("elements are matched by the list's key, and new ones come first") {
  CHECK(merged(deployment, in_pod("containers: [{name: a, image: x}, {name: b, image: y}]"),
               in_pod("containers: [{name: c}, {name: b, image: z}]")) ==
        in_pod("containers:\n      - name: c\n      - image: z\n        name: b\n"
               "      - image: x\n        name: a"));
}

TEST_CASE("a port is known by its number and protocol") {
  constexpr std::string_view service = "apiVersion: v1\nkind: Service\n";
  CHECK(merged(service, "spec: {ports: [{port: 53, protocol: TCP}, {port: 53, protocol: UDP}]}",
               "spec: {ports: [{port: 53, protocol: UDP, name: dns}]}") ==
        "spec:\n  ports:\n  - port: 53\n    protocol: TCP\n  - name: dns\n    port: 53\n"
        "    protocol: UDP\n");
  // Where only one side says which protocol it is.
  CHECK(merged(service, "spec: {ports: [{port: 80, targetPort: 8080}]}",
               "spec: {ports: [{port: 80, protocol: TCP}]}") ==
        "spec:\n  ports:\n  - port: 80\n    targetPort: 8080\n");
}

TEST_CASE("lists of scalars are united where their type says so") {
  CHECK(merged(deployment, "metadata: {finalizers: [a, b]}", "metadata: {finalizers: [c, b]}") ==
        "metadata:\n  finalizers:\n  - c\n  - b\n  - a\n");
  CHECK(merged(deployment, in_pod("containers: [{name: a, args: [x]}]"),
               in_pod("containers: [{name: a, args: [y]}]")) ==
        in_pod("containers:\n      - args:\n        - \"y\"\n        name: a"));
}

TEST_CASE("an element is deleted by its key") {
  CHECK(merged(deployment, in_pod("volumes: [{name: a}, {name: b}]"),
               in_pod("volumes: [{name: a, $patch: delete}]")) ==
        in_pod("volumes:\n      - name: b"));
  CHECK(merged(deployment, in_pod("volumes: [{name: a}]"),
               in_pod("volumes: [{name: a, $patch: delete}]")) == in_pod("volumes: []"));
  CHECK(merged(deployment, in_pod("volumes: [{name: a}]"),
               in_pod("volumes: [{name: c, $patch: delete}]")) ==
        in_pod("volumes:\n      - name: a"));
}

TEST_CASE("a list is replaced or deleted by a directive among its elements") {
  CHECK(merged(deployment, in_pod("volumes: [{name: a}]"),
               in_pod("volumes: [{$patch: replace}, {name: b}]")) ==
        in_pod("volumes:\n      - name: b"));
  CHECK(merged(deployment, in_pod("volumes: [{name: a}]"), in_pod("volumes: [{$patch: delete}]")) ==
        "spec:\n  template:\n    spec: {}\n");
}

TEST_CASE("a mapping is replaced or deleted by a directive in it") {
  CHECK(merged(widget, "spec: {a: {b: 1}, c: 2}", "spec: {$patch: replace, d: 3}") ==
        "spec:\n  d: 3\n");
  CHECK(merged(widget, "spec: {a: {b: 1}, c: 2}", "spec: {a: {$patch: delete}}") ==
        "spec:\n  c: 2\n");
  CHECK(merged(widget, "spec: {a: 1}", "spec: {$patch: merge, b: 2}") == "spec:\n  a: 1\n  b: 2\n");
  CHECK(merged(widget, "spec: {}", "spec: {a: {b: 1, $patch: replace}}") ==
        "spec:\n  a:\n    b: 1\n");
}

TEST_CASE("a directive at the root deletes the object, and cannot replace it") {
  CHECK(merged(widget, "spec: {a: 1}", "$patch: delete") == "deleted");
  CHECK(merged(widget, "spec: {a: 1}", "$patch: replace\nspec: {b: 1}") == "spec:\n  a: 1\n");
}

TEST_CASE("an unknown directive is an error, where there is something to merge") {
  CHECK(merged(widget, "spec: {a: {b: 1}}", "spec: {a: {$patch: remove}}") ==
        "spec.a: $patch must be \"delete\", \"merge\" or \"replace\", not \"remove\"");
  CHECK(merged(widget, "spec: {}", "spec: {a: {$patch: remove}}") ==
        "spec:\n  a:\n    $patch: remove\n");
}

TEST_CASE("what differs in kind is an error that names the field") {
  CHECK(merged(deployment, in_pod("containers: [{name: a, env: [{name: b}]}]"),
               in_pod("containers: [{name: a, env: x}]")) ==
        "spec.template.spec.containers[name=a].env: "
        "expected a list, as the object has, but the patch has a scalar");
  CHECK(merged(widget, "spec: 1", "spec: {a: 1}") ==
        "spec: expected a scalar, as the object has, but the patch has a mapping");
  CHECK(merged(deployment, "metadata: {finalizers: [a]}", "metadata: {finalizers: [{b: c}]}") ==
        "metadata.finalizers: expected elements that are a scalar, not a mapping");
}

TEST_CASE("scalars of other types replace each other, but what was quoted stays a string") {
  CHECK(merged(widget, "spec: {a: text, b: true}", "spec: {a: 5, b: no}") ==
        "spec:\n  a: 5\n  b: \"no\"\n");
  CHECK(merged(widget, "spec: {a: \"1\", b: 'x'}", "spec: {a: 2, b: false}") ==
        "spec:\n  a: \"2\"\n  b: \"false\"\n");
  CHECK(merged(widget, "spec: {a: !!str 1}", "spec: {a: 2}") == "spec:\n  a: 2\n");
  CHECK(merged(widget, "spec: {a: 1}", "spec: {a: \"2\"}") == "spec:\n  a: \"2\"\n");
}

TEST_CASE("a patch removes nulls that are left out, and keeps those that are written") {
  CHECK(merged(widget, "spec:\n  a:\n  b: null\n  c: ~\n", "metadata: {name: x}") ==
        "metadata:\n  name: x\nspec:\n  b: null\n  c: null\n");
  CHECK(merged(widget, "spec: {a, b: }", "spec: {c: 1}") == "spec:\n  c: 1\n");
}

TEST_CASE("elements that a list has twice become one, even beside the patch") {
  CHECK(merged(deployment, in_pod("volumes: [{name: a, x: 1}, {name: b}, {name: a, x: 2}]"),
               "metadata: {name: x}") ==
        "metadata:\n  name: x\n" + in_pod("volumes:\n      - name: a\n        x: 2\n"
                                          "      - name: b"));
}

TEST_CASE("directives that kustomize does not know stay in the object") {
  CHECK(merged(deployment, in_pod("volumes: [{name: a}]"),
               in_pod("$setElementOrder/volumes: [{name: a}]")) ==
        in_pod("$setElementOrder/volumes:\n      - name: a\n      volumes:\n      - name: a"));
}

TEST_CASE("the order of keys is the object's, with new ones sorted behind") {
  Value object = yaml_value("spec: {b: 1, a: 2, c: 3}");
  REQUIRE(strategic_merge(object, yaml_value("spec: {z: 1, b: null, d: 2, c: 4}"), PatchSchema()));
  CHECK(write_json(object) == R"({"spec":{"a":2,"c":4,"d":2,"z":1}})");
}

TEST_CASE("long lists and mappings are merged in linear time") {
  std::string target = "metadata: {finalizers: [";
  std::string patch = target;
  for (int i = 0; i < 40'000; ++i) {
    target += fmt::format("a{}, ", i);
    patch += fmt::format("a{}, ", i * 2);
  }
  Value object = with_head(deployment, target + "]}");
  REQUIRE(strategic_merge(object, with_head(deployment, patch + "]}"), PatchSchema()));
  CHECK(object.find("metadata", "finalizers")->as_array()->size() == 60'000);
}

TEST_CASE("a list that would take too many steps is an error") {
  std::string target = "spec: {ports: [";
  for (int i = 0; i < 5'000; ++i) target += fmt::format("{{port: {}}}, ", i);
  target += "{port: 1, protocol: TCP}]}";
  constexpr std::string_view service = "apiVersion: v1\nkind: Service\n";
  CHECK(merged(service, target, "metadata: {name: x}") ==
        "spec.ports: the merge takes too many steps");
}

}  // namespace primocane
