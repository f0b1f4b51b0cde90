// SPDX-License-Identifier: Apache-2.0
#include "resource/desired.hpp"

#include "document/json.hpp"
#include "resource/applyset.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

namespace primocane {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

const KustomizationName apps{"flux-system", "apps"};

DesiredObject desired(std::string_view yaml) {
  return make_desired(yaml_resource(yaml), apps).value();
}

PruneMark mark_with(std::string_view annotations) {
  return desired(
             fmt::format("{{apiVersion: v1, kind: Secret, metadata: {{name: a, annotations: {}}}}}",
                         annotations))
      .prune_mark;
}

}  // namespace

TEST_CASE("an object that says Merge is merged, no other") {
  const auto is_merged_with = [](std::string_view ssa) {
    return desired(fmt::format("{{apiVersion: v1, kind: Secret, metadata: {{name: a, annotations: "
                               "{{kustomize.toolkit.fluxcd.io/ssa: {}}}}}}}",
                               ssa))
        .is_merged;
  };
  CHECK(is_merged_with("Merge"));
  CHECK_FALSE(is_merged_with("Override"));
}

TEST_CASE("a fingerprint is the first half of a SHA-256") {
  CHECK(to_string(fingerprint("")) == "e3b0c44298fc1c149afbf4c8996fb924");
  CHECK(to_string(fingerprint("a")) == "ca978112ca1bbdcafac231b39a23dc4d");
  CHECK(parse_fingerprint(to_string(fingerprint("a"))) == fingerprint("a"));
}

TEST_CASE("a fingerprint is read from 32 lower-case hexadecimal digits only") {
  for (const std::string_view text :
       {"", "ca97", "ca978112ca1bbdcafac231b39a23dc4", "ca978112ca1bbdcafac231b39a23dc4d0",
        "CA978112CA1BBDCAFAC231B39A23DC4D", "ca978112ca1bbdcafac231b39a23dc4g"}) {
    const auto value = parse_fingerprint(text);
    REQUIRE_FALSE(value.has_value());
    CHECK(value.error().kind == ErrorKind::invalid);
  }
}

TEST_CASE("a desired object carries Flux's labels and the label of its ApplySet") {
  const DesiredObject object = desired(
      "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: home}, spec: {}}");
  CHECK(object.id == ResourceId{"apps", "Deployment", "home", "web"});
  CHECK(object.version == "v1");
  CHECK(object.origin.path == "test.yaml");
  CHECK(object.hash == fingerprint(object.body));
  CHECK(object.body ==
        fmt::format(R"({{"apiVersion":"apps/v1","kind":"Deployment","metadata":{{"labels":)"
                    R"({{"applyset.kubernetes.io/part-of":"{}",)"
                    R"("kustomize.toolkit.fluxcd.io/name":"apps",)"
                    R"("kustomize.toolkit.fluxcd.io/namespace":"flux-system"}},)"
                    R"("name":"web","namespace":"home"}},"spec":{{}}}})",
                    applyset_id(apps)));
}

TEST_CASE("Flux's labels win over declared ones and leave others alone") {
  const DesiredObject object = desired(R"(
apiVersion: v1
kind: Secret
metadata:
  name: a
  labels: {mine: kept, kustomize.toolkit.fluxcd.io/name: other}
)");
  const Value labels = *read_json(object.body, "body").value().find("metadata", "labels");
  CHECK(labels.text_at("mine") == "kept");
  CHECK(labels.text_at("kustomize.toolkit.fluxcd.io/name") == "apps");
}

TEST_CASE("empty labels in Git are filled") {
  CHECK_THAT(desired("{apiVersion: v1, kind: Secret, metadata: {name: a, labels: null}}").body,
             ContainsSubstring("applyset.kubernetes.io/part-of"));
}

TEST_CASE("an object that claims membership of a set is refused with file and line") {
  const auto object =
      make_desired(yaml_resource("apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  labels:\n"
                                 "    applyset.kubernetes.io/part-of: other\n"),
                   apps);
  REQUIRE_FALSE(object.has_value());
  CHECK(object.error().kind == ErrorKind::invalid);
  CHECK_THAT(object.error().message, StartsWith("test.yaml:6: Secret/a carries the label"));
}

TEST_CASE("a Kustomization's name that fits no label is refused") {
  const auto object =
      make_desired(yaml_resource("{apiVersion: v1, kind: Secret, metadata: {name: a}}"),
                   {"flux-system", std::string(64, 'x')});
  REQUIRE_FALSE(object.has_value());
  CHECK_THAT(object.error().message, ContainsSubstring("at most 63 characters"));
}

TEST_CASE("a desired object is normalised") {
  const DesiredObject object = desired(
      "{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {k: v}, status: {}}");
  CHECK_THAT(object.body, ContainsSubstring(R"("data":{"k":"dg=="})"));
  CHECK_THAT(object.body, !ContainsSubstring("status"));
  const auto bad = make_desired(yaml_resource("{apiVersion: v1, kind: Secret, metadata: {name: a}, "
                                              "stringData: {k: 1}}"),
                                apps);
  CHECK_FALSE(bad.has_value());
}

TEST_CASE("the order of keys in Git does not change an object") {
  CHECK(
      desired("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: a, y: b}}").hash ==
      desired("{data: {y: b, x: a}, kind: ConfigMap, metadata: {name: a}, apiVersion: v1}").hash);
}

TEST_CASE("the order of a list's items does change an object") {
  CHECK(desired("{apiVersion: v1, kind: K, metadata: {name: a}, spec: [1, 2]}").hash !=
        desired("{apiVersion: v1, kind: K, metadata: {name: a}, spec: [2, 1]}").hash);
}

TEST_CASE("annotations say whether an object may be pruned") {
  CHECK(mark_with("{}") == PruneMark::unmarked);
  CHECK(mark_with("{kustomize.toolkit.fluxcd.io/prune: disabled}") == PruneMark::disabled);
  CHECK(mark_with("{kustomize.toolkit.fluxcd.io/prune: Disabled}") == PruneMark::disabled);
  CHECK(mark_with("{primocane.dev/prune: allowed}") == PruneMark::allowed);
  CHECK(mark_with("{primocane.dev/prune: perhaps}") == PruneMark::unmarked);
  CHECK(mark_with("{primocane.dev/prune: allowed, "
                  "kustomize.toolkit.fluxcd.io/prune: disabled}") == PruneMark::disabled);
  CHECK(to_string(PruneMark::allowed) == "allowed");
}

TEST_CASE("a desired set is sorted, finds its members, and has a hash of all bodies") {
  const DesiredObject a = desired("{apiVersion: v1, kind: Secret, metadata: {name: a}}");
  const DesiredObject b = desired("{apiVersion: v1, kind: Secret, metadata: {name: b}}");
  const auto set = DesiredSet::make(apps, {b, a});
  REQUIRE(set.has_value());
  CHECK(set->name() == apps);
  REQUIRE(set->objects().size() == 2);
  CHECK(set->objects().front().id == a.id);
  REQUIRE(set->find(b.id) != nullptr);
  CHECK(set->find(b.id)->body == b.body);
  CHECK(set->find({"", "Secret", "", "c"}) == nullptr);
  CHECK(set->hash() == DesiredSet::make(apps, {a, b})->hash());
  CHECK(set->hash() != DesiredSet::make(apps, {a})->hash());
}

TEST_CASE("an empty desired set is a set") {
  const auto set = DesiredSet::make(apps, {});
  REQUIRE(set.has_value());
  CHECK(set->objects().empty());
}

TEST_CASE("a desired set refuses two objects with one identity and names both places") {
  DesiredObject first = desired("{apiVersion: v1, kind: Secret, metadata: {name: a}}");
  DesiredObject second = first;
  first.origin = {.path = "x.yaml", .document = 1, .line = 3};
  second.origin = {.path = "y.yaml", .document = 1, .line = 4};
  const auto set = DesiredSet::make(apps, {first, second});
  REQUIRE_FALSE(set.has_value());
  CHECK(set.error().kind == ErrorKind::invalid);
  CHECK(set.error().message == "y.yaml:4: Secret/a is defined twice, also at x.yaml:3");
}

TEST_CASE("one object in two versions of its API is defined twice") {
  const auto set =
      DesiredSet::make(apps, {desired("{apiVersion: a.b/v1, kind: K, metadata: {name: a}}"),
                              desired("{apiVersion: a.b/v2, kind: K, metadata: {name: a}}")});
  CHECK_FALSE(set.has_value());
}

}  // namespace primocane
