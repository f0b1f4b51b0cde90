// SPDX-License-Identifier: Apache-2.0
#include "render/render_desired.hpp"

#include "support/memory_remotes.hpp"
#include "support/memory_tree.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace primocane {
namespace {

struct Rendered : Rendering {
  Result<std::uint64_t> count;
};

void take(const RenderedObject& object, Rendering& rendering) {
  if (const auto* desired = std::get_if<DesiredObject>(&object)) {
    rendering.objects.push_back(*desired);
  } else if (const auto* followed = std::get_if<Resource>(&object)) {
    rendering.flux_objects.push_back(*followed);
  } else {
    rendering.not_served.push_back(std::get<ResourceId>(object));
  }
}

Rendered render(std::map<std::string, std::string> files, std::string_view path = {},
                std::optional<BuildSettings> build = std::nullopt) {
  const auto tree = make_memory_tree({.files = std::move(files), .links = {}, .submodules = {}});
  RenderRequest request;
  request.path = RelativePath::parse(path).value();
  request.name = {"primocane-system", "root"};
  request.objects_max = 2;
  request.build = std::move(build);
  Rendered rendering;
  MemoryRemotes remotes;
  rendering.count =
      render_desired(*tree, remotes, request,
                     [&rendering](const RenderedObject& object) { take(object, rendering); });
  return rendering;
}

constexpr const char* secret =
    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\nstringData:\n  key: value\n";

TEST_CASE("a rendering hands over objects as they will be applied, with their origin") {
  const Rendered rendering = render({{"apps/a.yaml", secret}, {"b.yaml", "broken"}}, "apps");
  REQUIRE(rendering.count);
  CHECK(*rendering.count == 1);
  REQUIRE(rendering.objects.size() == 1);
  const DesiredObject& object = rendering.objects.front();
  CHECK(to_string(object.origin) == "apps/a.yaml:1");
  CHECK(object.body.find("stringData") == std::string::npos);
  CHECK(object.body.find("applyset.kubernetes.io/part-of") != std::string::npos);
}

TEST_CASE("an object carries the fields that spec.ignore leaves to others, each once") {
  BuildSettings build;
  build.ignore = yaml_value(
      "[{paths: [/data/key, /data/other], target: {kind: Secret}}, {paths: [/data/key]},\n"
      " {paths: [/spec], target: {kind: Deployment}}]");
  const Rendered rendering = render({{"a.yaml", secret}}, {}, build);
  REQUIRE(rendering.objects.size() == 1);
  const DesiredObject& object = rendering.objects.front();
  REQUIRE(object.ignored.size() == 2);
  CHECK(object.ignored[0].str() == "/data/key");
  CHECK(object.ignored[1].str() == "/data/other");
  CHECK(object.hash == hash_of(object));
  CHECK(object.hash != render({{"a.yaml", secret}}).objects.front().hash);
}

TEST_CASE("an object can't leave any number of fields to others") {
  BuildSettings build;
  Array paths;
  for (int i = 0; i < 600; ++i) paths.emplace_back("/data/a" + std::to_string(i));
  Array rules;
  for (int i = 0; i < 2; ++i) rules.emplace_back(Object{{"paths", Value(paths)}});
  build.ignore = Value(std::move(rules));
  const Rendered rendering = render({{"a.yaml", secret}}, {}, build);
  REQUIRE_FALSE(rendering.count);
  CHECK(rendering.count.error().message ==
        "a.yaml:1: spec.ignore names 1200 fields of Secret/a; at most 1000 are possible");
}

TEST_CASE("Flux's own objects are handed over apart from what is applied") {
  const Rendered rendering = render({{"a.yaml", secret},
                                     {"b.yaml",
                                      "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
                                      "metadata:\n  name: b\n"}});
  REQUIRE(rendering.count);
  CHECK(rendering.objects.size() == 1);
  REQUIRE(rendering.flux_objects.size() == 1);
  CHECK(rendering.flux_objects.front().id.kind == "HelmRelease");
}

TEST_CASE("of Flux's controllers only their Namespace is applied, and it is never pruned") {
  const std::string labels =
      "  labels: {app.kubernetes.io/instance: flux-system, app.kubernetes.io/part-of: flux,\n"
      "           app.kubernetes.io/version: v2.9.0}\n";
  const Rendered rendering =
      render({{"gotk-components.yaml",
               "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: flux-system\n" + labels +
                   "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n"
                   "  name: source-controller\n  namespace: flux-system\n" +
                   labels}});
  REQUIRE(rendering.count);
  REQUIRE(rendering.objects.size() == 1);
  CHECK(rendering.objects.front().id.kind == "Namespace");
  CHECK(rendering.objects.front().prune_mark == PruneMark::disabled);
}

TEST_CASE("the request's limits hold") {
  const std::string namespaces =
      "apiVersion: v1\nkind: List\nitems:\n"
      "- {apiVersion: v1, kind: Namespace, metadata: {name: a}}\n"
      "- {apiVersion: v1, kind: Namespace, metadata: {name: b}}\n";
  CHECK(render({{"a.yaml", namespaces}}).count);
  CHECK_FALSE(render({{"a.yaml", namespaces}, {"b.yaml", secret}}).count);
}

}  // namespace
}  // namespace primocane
