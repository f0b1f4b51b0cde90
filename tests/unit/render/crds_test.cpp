// SPDX-License-Identifier: Apache-2.0
#include "render/crds.hpp"

#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

namespace primocane {
namespace {

Result<TransformerConfig> read(std::string_view text) {
  const Value file = yaml_value(text);
  return read_crds(file, FieldReader("crd.yaml", UnknownFields::ignored));
}

std::string refusal(std::string_view text) {
  const auto config = read(text);
  if (config) return "accepted";
  return config.error().kind == ErrorKind::invalid ? config.error().message : "of another kind";
}

// A definition of the kind Bee with what `properties` adds, and other definitions.
std::string bee(std::string_view properties, std::string_view others = {}) {
  return fmt::format(
      "example.org/v1.Bee:\n  Schema:\n    properties:\n      apiVersion: {{}}\n      kind: {{}}\n"
      "      metadata: {{}}\n      {}\n{}",
      properties, others);
}

// The paths of the specs, all of which must be of kind Bee.
std::vector<std::string> paths(const std::vector<FieldSpec>& specs) {
  std::vector<std::string> found;
  for (const FieldSpec& spec : specs) {
    CHECK(spec.kind == "Bee");
    CHECK(spec.create == CreateField::no);
    found.push_back(spec.path);
  }
  return found;
}

using Paths = std::vector<std::string>;

TEST_CASE("properties of a custom resource say what their fields hold") {
  const TransformerConfig config = read(bee("a: {x-kubernetes-annotation: ''}\n"
                                            "      l: {x-kubernetes-label-selector: ''}\n"
                                            "      n: {x-kubernetes-identity: ''}\n"))
                                       .value();
  CHECK(paths(config.common_annotations) == Paths{"a"});
  CHECK(paths(config.common_labels) == Paths{"l"});
  CHECK(paths(config.name_prefix) == Paths{"n"});
  CHECK(config.name_suffix.empty());
}

TEST_CASE("a property that refers to an object holds its name") {
  const TransformerConfig config =
      read(
          bee("r: {x-kubernetes-object-ref-api-version: v1, x-kubernetes-object-ref-kind: Secret}\n"
              "      k: {x-kubernetes-object-ref-api-version: v1, x-kubernetes-object-ref-kind: "
              "Secret, x-kubernetes-object-ref-name-key: key}\n"
              "      v: {x-kubernetes-object-ref-api-version: v1}\n"))
          .value();
  REQUIRE(config.name_references.size() == 1);
  CHECK(config.name_references[0].target == VersionedKind{"", "v1", "Secret"});
  CHECK(paths(config.name_references[0].referrers) == Paths{"r/name", "k/key"});
}

TEST_CASE("properties of what a property refers to are its own") {
  const TransformerConfig config =
      read(bee("spec: {$ref: Spec}",
               "Spec: {schema: {properties: {sub: {$ref: Sub}, gone: {$ref: '#/x'}}}}\n"
               "Sub: {schema: {properties: {a: {x-kubernetes-annotation: ''}}}}\n"))
          .value();
  CHECK(paths(config.common_annotations) == Paths{"spec/sub/a"});
}

TEST_CASE("a definition that is no object of Kubernetes counts only where it is referred to") {
  CHECK(read("Sub: {schema: {properties: {kind: {x-kubernetes-annotation: ''}}}}")
            .value()
            .common_annotations.empty());
}

TEST_CASE("extensions that are no texts say nothing") {
  CHECK(read(bee("a: {x-kubernetes-annotation: true}")).value().common_annotations.empty());
}

TEST_CASE("definitions that refer to themselves come to an end") {
  const TransformerConfig config =
      read(bee("spec: {$ref: Spec}",
               "Spec: {schema: {properties: {more: {$ref: Spec}, a: {x-kubernetes-annotation: "
               "''}}}}\n"))
          .value();
  CHECK(paths(config.common_annotations) == Paths{"spec/a"});
}

TEST_CASE("definitions that multiply are refused") {
  std::string others;
  for (int level = 0; level < 40; ++level) {
    others +=
        fmt::format("L{0}: {{schema: {{properties: {{a: {{$ref: L{1}}}, b: {{$ref: L{1}}}}}}}}}\n",
                    level, level + 1);
  }
  CHECK(refusal(bee("spec: {$ref: L0}", others)).starts_with("crd.yaml:"));
}

TEST_CASE("definitions of the wrong shape are refused where they stand") {
  CHECK(refusal("[]").starts_with("crd.yaml:1: "));
  CHECK(refusal("a: {schema: {}}\nb: text").starts_with("crd.yaml:2: "));
  CHECK(refusal("a:\n  schema: text").starts_with("crd.yaml:2: "));
  CHECK(refusal("a:\n  schema:\n    properties: []").starts_with("crd.yaml:3: "));
  CHECK(refusal(bee("x: text")).starts_with("crd.yaml:7: "));
  CHECK(refusal("a:\nb: {schema: null}\nc: {}") == "accepted");
}

TEST_CASE("a CustomResourceDefinition is told from a definition") {
  CHECK(refusal("apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n")
            .find("OpenAPI") != std::string::npos);
}

}  // namespace
}  // namespace primocane
