// SPDX-License-Identifier: Apache-2.0
#include "render/render_desired.hpp"

#include "support/memory_remotes.hpp"
#include "support/memory_tree.hpp"
#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <string>
#include <vector>

namespace primocane {
namespace {

struct Rendering {
  std::vector<DesiredObject> objects;
  Result<std::uint64_t> count;
};

Rendering render(std::map<std::string, std::string> files, std::string_view path = {}) {
  const auto tree = make_memory_tree({.files = std::move(files), .links = {}, .submodules = {}});
  RenderRequest request;
  request.path = RelativePath::parse(path).value();
  request.name = {"primocane-system", "root"};
  request.objects_max = 2;
  Rendering rendering;
  MemoryRemotes remotes;
  rendering.count = render_desired(
      *tree, remotes, request,
      [&rendering](const DesiredObject& object) { rendering.objects.push_back(object); });
  return rendering;
}

constexpr const char* secret =
    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\nstringData:\n  key: value\n";

TEST_CASE("a rendering hands over objects as they will be applied, with their origin") {
  const Rendering rendering = render({{"apps/a.yaml", secret}, {"b.yaml", "broken"}}, "apps");
  REQUIRE(rendering.count);
  CHECK(*rendering.count == 1);
  REQUIRE(rendering.objects.size() == 1);
  const DesiredObject& object = rendering.objects.front();
  CHECK(to_string(object.origin) == "apps/a.yaml:1");
  CHECK(object.body.find("stringData") == std::string::npos);
  CHECK(object.body.find("applyset.kubernetes.io/part-of") != std::string::npos);
}

TEST_CASE("nothing is handed over of a rendering with an object that is not served") {
  const Rendering rendering = render({{"a.yaml", secret},
                                      {"b.yaml",
                                       "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
                                       "metadata:\n  name: b\n"}});
  REQUIRE_FALSE(rendering.count);
  CHECK(rendering.count.error().message.starts_with("b.yaml:1: HelmRelease"));
  CHECK(rendering.objects.empty());
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
