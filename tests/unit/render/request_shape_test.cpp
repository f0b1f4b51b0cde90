// SPDX-License-Identifier: Apache-2.0
#include "render/request_shape.hpp"

#include "support/memory_tree.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <string>
#include <utility>

namespace primocane {
namespace {

std::optional<TreeShape> shape_for(std::map<std::string, std::string> files,
                                   std::optional<TreeShape> given) {
  const auto tree = make_memory_tree({.files = std::move(files), .links = {}, .submodules = {}});
  RenderRequest request;
  request.path = RelativePath::parse("home").value();
  request.shape = std::move(given);
  return request_shape(*tree, request);
}

const TreeShape without_defaults{.sparse = {"home"}, .ignore = {}, .defaults = IgnoreDefaults::no};

}  // namespace

TEST_CASE("Flux's own patterns count where a folder has no kustomization file") {
  CHECK(shape_for({{"home/a.yaml", ""}}, std::nullopt) == TreeShape());
  TreeShape expected = without_defaults;
  expected.defaults = IgnoreDefaults::yes;
  CHECK(shape_for({{"home/a.yaml", ""}}, without_defaults) == expected);
}

TEST_CASE("what kustomize builds by itself has all its files") {
  CHECK(shape_for({{"home/kustomization.yaml", ""}}, std::nullopt) == std::nullopt);
  CHECK(shape_for({{"home/kustomization.yml", ""}}, without_defaults) == without_defaults);
  // Which of them counts is for the build to say.
  CHECK(shape_for({{"home/kustomization.yaml", ""}, {"home/Kustomization", ""}}, std::nullopt) ==
        std::nullopt);
}

TEST_CASE("the shape that a source gives stays as it is") {
  const TreeShape own{.sparse = {}, .ignore = "b\n", .defaults = IgnoreDefaults::yes};
  CHECK(shape_for({{"home/a.yaml", ""}}, own) == own);
}

}  // namespace primocane
