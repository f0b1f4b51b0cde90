// SPDX-License-Identifier: Apache-2.0
#include "render/build_metadata.hpp"

#include "support/drafts.hpp"
#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace primocane {
namespace {

constexpr std::string_view head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n";

std::vector<Draft> drafts(std::string_view annotations = {}) {
  return yaml_drafts(std::string(head).append("  name: a\n").append(annotations));
}

std::string_view annotation(const Draft& draft, std::string_view key) {
  const std::string* text = metadata_text(draft, "annotations", key);
  return text == nullptr ? std::string_view("none") : *text;
}

std::string_view origin(const Draft& draft) {
  return annotation(draft, "config.kubernetes.io/origin");
}

std::string_view transformations(const Draft& draft) {
  return annotation(draft, "alpha.config.kubernetes.io/transformations");
}

const ResourceOrigin by_prefix =
    configured_by_field({.path = "../base"}, "kustomization.yaml", "PrefixTransformer");

TEST_CASE("the place of a file is seen from the folder that is built") {
  CHECK(append_path(append_path({}, "../base"), "web.yaml").path == "../base/web.yaml");
  CHECK(append_path({}, "./web.yaml").path == "web.yaml");
}

TEST_CASE("the place of a remote base is its folder in its repository") {
  const ResourceOrigin there = append_path(
      {.path = "../base"}, *parse_remote_base("https://example.org/org/r.git/deploy/web?ref=main"));
  CHECK(origin_yaml(append_path(there, "a.yaml")) ==
        "path: deploy/web/a.yaml\nrepo: https://example.org/org/r.git\nref: main\n");
  CHECK(append_path({}, *parse_remote_base("https://example.org/org/r.git")).path == "notCloned");
}

TEST_CASE("an origin is written field by field, without those that are empty") {
  CHECK(origin_yaml({}) == "{}\n");
  CHECK(origin_yaml(by_prefix) ==
        "configuredIn: ../base/kustomization.yaml\nconfiguredBy:\n  apiVersion: builtin\n"
        "  kind: PrefixTransformer\n");
  const Draft object = yaml_draft(
      "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: x, namespace: y}\n");
  CHECK(origin_yaml(configured_by_object({.path = "gen.yaml"}, object)) ==
        "configuredIn: gen.yaml\nconfiguredBy:\n  apiVersion: builtin\n"
        "  kind: ConfigMapGenerator\n  name: x\n  namespace: \"y\"\n");
}

TEST_CASE("paths are quoted where YAML needs it and never broken") {
  CHECK(origin_yaml({.path = "a: b"}) == "path: 'a: b'\n");
  CHECK(origin_yaml({.path = "'a' #b"}) == "path: '''a'' #b'\n");
  CHECK(origin_yaml({.path = "true"}) == "path: \"true\"\n");
  CHECK(origin_yaml({.path = "a\tb"}) == "path: \"a\\tb\"\n");
  const std::string path = std::string(90, 'a') + " " + std::string(90, 'b');
  CHECK(origin_yaml({.path = path}) == "path: " + path + "\n");
}

TEST_CASE("an origin is added where there is none") {
  std::vector<Draft> one = drafts();
  add_origin(one, {.path = "a.yaml"});
  add_origin(one, {.path = "b.yaml"});
  CHECK(origin(one[0]) == "path: a.yaml\n");
  set_origin_annotation(one[0], "path: c.yaml\n");
  CHECK(origin_annotation(one[0]) == "path: c.yaml\n");
}

TEST_CASE("transformations are listed one after the other") {
  std::vector<Draft> one = drafts();
  add_origin(one, {.path = "a.yaml"});
  REQUIRE(add_transformation(one, by_prefix).has_value());
  REQUIRE(add_transformation(one, {}).has_value());
  CHECK(transformations(one[0]) ==
        "- configuredIn: ../base/kustomization.yaml\n  configuredBy:\n    apiVersion: builtin\n"
        "    kind: PrefixTransformer\n- {}\n");
  CHECK(origin(one[0]) == "path: a.yaml\n");
}

TEST_CASE("a transformer is the origin of what had none") {
  std::vector<Draft> one = drafts();
  REQUIRE(add_transformation(one, by_prefix).has_value());
  CHECK(origin(one[0]) == origin_yaml(by_prefix));
  CHECK(transformations(one[0]) == "none");
}

TEST_CASE("transformations that kustomize did not write are refused") {
  std::vector<Draft> one = drafts(
      "  annotations: {config.kubernetes.io/origin: '{}', "
      "alpha.config.kubernetes.io/transformations: text}\n");
  CHECK(add_transformation(one, by_prefix).error().kind == ErrorKind::invalid);
}

TEST_CASE("what was noted is taken out again, and annotations that are empty with it") {
  std::vector<Draft> one = drafts();
  add_origin(one, {.path = "a.yaml"});
  REQUIRE(add_transformation(one, by_prefix).has_value());
  remove_origins(one);
  CHECK(origin(one[0]) == "none");
  remove_transformations(one);
  CHECK(printed(one) == std::string(head) + "  name: a\n");

  for (const std::string_view empty : {"  annotations: {}\n", "  annotations:\n"}) {
    std::vector<Draft> other = drafts(empty);
    remove_origins(other);
    CHECK(printed(other) == std::string(head) + "  name: a\n");
  }
}

}  // namespace
}  // namespace primocane
