// SPDX-License-Identifier: Apache-2.0
#include "resource/resource.hpp"

#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

namespace primocane {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

Result<Resource> make(std::string_view yaml) {
  return Resource::make(yaml_value(yaml), {.path = "apps/web.yaml", .document = 2, .line = 10});
}

Resource config_map(std::string name, Origin origin) {
  Resource resource = yaml_resource(
      fmt::format("{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {}}}}}", name));
  resource.origin = std::move(origin);
  return resource;
}

}  // namespace

TEST_CASE("an object's identity is read out of it") {
  const auto resource =
      make("{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: home}}");
  REQUIRE(resource.has_value());
  CHECK(resource->id == ResourceId{"apps", "Deployment", "home", "web"});
  CHECK(resource->version == "v1");
  CHECK(to_string(resource->origin) == "apps/web.yaml:10");
}

TEST_CASE("an object without namespace has none in its identity") {
  for (const std::string_view metadata :
       {"{name: a}", "{name: a, namespace: }", "{name: a, namespace: ''}"}) {
    const auto resource =
        make(fmt::format("{{apiVersion: v1, kind: Secret, metadata: {}}}", metadata));
    REQUIRE(resource.has_value());
    CHECK(resource->id.namespace_name.empty());
  }
}

TEST_CASE("names that some kind allows are taken") {
  for (const std::string_view name : {"system:node", "a.b.c", "Upper_Case", "x"}) {
    CHECK(make(fmt::format("{{apiVersion: v1, kind: K, metadata: {{name: '{}'}}}}", name))
              .has_value());
  }
}

TEST_CASE("empty labels and annotations are none") {
  CHECK(make("{apiVersion: v1, kind: K, metadata: {name: a, labels: null, annotations: {}}}")
            .has_value());
}

TEST_CASE("a label or annotation without value is empty") {
  const auto resource = make(
      "{apiVersion: v1, kind: K, metadata: {name: a, labels: {l: }, annotations: {n: null, m: "
      "x}}}");
  REQUIRE(resource.has_value());
  CHECK(*resource->object.find("metadata") ==
        yaml_value("{name: a, labels: {l: ''}, annotations: {n: '', m: x}}"));
}

TEST_CASE("an object that Kubernetes cannot know is refused with file and line") {
  struct Case {
    std::string_view yaml;
    std::string_view place;
    std::string_view message;
  };
  const auto example = GENERATE(
      Case{"- a", ":1: ", "must be a mapping, not a list"},
      Case{"hello", ":1: ", "must be a mapping, not a string"},
      Case{"kind: Secret\nmetadata: {name: a}", ":1: ", "apiVersion is missing"},
      Case{"apiVersion: v1\nmetadata: {name: a}", ":1: ", "kind is missing"},
      Case{"apiVersion: 1\nkind: Secret\nmetadata: {name: a}",
           ":1: ", "apiVersion must be a string, not a number"},
      Case{"apiVersion: a/b/c\nkind: Secret\nmetadata: {name: a}",
           ":1: ", "\"a/b/c\" is no apiVersion"},
      Case{"apiVersion: v1\nkind: ''\nmetadata: {name: a}", ":2: ", "kind is empty"},
      Case{"apiVersion: v1\nkind: a/b\nmetadata: {name: a}", ":2: ", "\"a/b\" is no kind"},
      Case{"apiVersion: v1\nkind: Secret", ":1: ", "metadata.name is missing"},
      Case{"apiVersion: v1\nkind: Secret\nmetadata:\n", ":1: ", "metadata.name is missing"},
      Case{"apiVersion: v1\nkind: Secret\nmetadata: a",
           ":3: ", "metadata must be a mapping, not a string"},
      Case{"apiVersion: v1\nkind: Secret\nmetadata:\n  name: 1",
           ":4: ", "metadata.name must be a string, not a number"},
      Case{"apiVersion: v1\nkind: Secret\nmetadata:\n  name: ''", ":4: ", "metadata.name is empty"},
      Case{"apiVersion: v1\nkind: Secret\nmetadata:\n  name: a/b", ":4: ", "may not hold \"/\""},
      Case{"apiVersion: v1\nkind: Secret\nmetadata:\n  name: a%2fb",
           ":4: ", "may not hold \"/\" or \"%\""},
      Case{"apiVersion: v1\nkind: Secret\nmetadata:\n  name: ..", ":4: ", "may not be \"..\""},
      Case{"apiVersion: v1\nkind: Secret\nmetadata:\n  name: \"a\\tb\"",
           ":4: ", "control character"},
      Case{"apiVersion: v1\nkind: Secret\nmetadata:\n  generateName: a-",
           ":4: ", "generateName is not supported"},
      Case{"apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  namespace: 7",
           ":5: ", "metadata.namespace must be a string"},
      Case{"apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  namespace: A.b",
           ":5: ", "\"A.b\" is no namespace's name"},
      Case{"apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  labels: [a]",
           ":5: ", "metadata.labels must be a mapping"},
      Case{"apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  labels:\n    a: 1",
           ":6: ", "metadata.labels: the value of \"a\" must be a string, not a number"},
      Case{"apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  annotations:\n    a: true",
           ":6: ", "metadata.annotations: the value of \"a\" must be a string, not a boolean"});
  CAPTURE(example.yaml);
  const auto resource = make(example.yaml);
  REQUIRE_FALSE(resource.has_value());
  CHECK(resource.error().kind == ErrorKind::invalid);
  CHECK_THAT(resource.error().message, StartsWith(fmt::format("apps/web.yaml{}", example.place)));
  CHECK_THAT(resource.error().message, ContainsSubstring(std::string(example.message)));
}

TEST_CASE("a name too long for any kind is refused without repeating it") {
  const std::string name(254, 'a');
  const auto resource =
      make(fmt::format("{{apiVersion: v1, kind: K, metadata: {{name: {}}}}}", name));
  REQUIRE_FALSE(resource.has_value());
  CHECK_THAT(resource.error().message, ContainsSubstring("has 254 characters: at most 253"));
  CHECK(make(fmt::format("{{apiVersion: v1, kind: K, metadata: {{name: {}}}}}", name.substr(1)))
            .has_value());
}

TEST_CASE("where an object knows no lines the place is the document's") {
  const auto resource = Resource::make(Object{{"apiVersion", "v1"}}, {.path = "a.yaml", .line = 7});
  REQUIRE_FALSE(resource.has_value());
  CHECK_THAT(resource.error().message, StartsWith("a.yaml:7: "));
}

TEST_CASE("a set is sorted by identity and finds its members") {
  const auto set =
      ResourceSet::make({config_map("b", {.path = "b.yaml"}), config_map("a", {.path = "a.yaml"})});
  REQUIRE(set.has_value());
  CHECK(set->size() == 2);
  CHECK_FALSE(set->empty());
  CHECK(set->all().front().id.name == "a");
  const Resource* found = set->find({"", "ConfigMap", "", "b"});
  REQUIRE(found != nullptr);
  CHECK(found->origin.path == "b.yaml");
  CHECK(set->find({"", "ConfigMap", "", "c"}) == nullptr);
}

TEST_CASE("two documents with one identity are refused and both places named") {
  const auto set = ResourceSet::make({config_map("a", {.path = "x.yaml", .line = 3}),
                                      config_map("b", {.path = "b.yaml"}),
                                      config_map("a", {.path = "y.yaml", .line = 9})});
  REQUIRE_FALSE(set.has_value());
  CHECK(set.error().kind == ErrorKind::invalid);
  CHECK(set.error().message == "y.yaml:9: ConfigMap/a is defined twice, also at x.yaml:3");
}

}  // namespace primocane
