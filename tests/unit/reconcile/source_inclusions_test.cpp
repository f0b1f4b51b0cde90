// SPDX-License-Identifier: Apache-2.0
#include "reconcile/source_inclusions.hpp"

#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>

namespace primocane {
namespace {

SourceReference named(std::string_view name) {
  return {"GitRepository", "flux-system", std::string(name)};
}

// "a b|c": a and b first, then c.
std::string waves_of(const SourceInclusions& inclusions, const std::set<SourceReference>& wanted) {
  std::string text;
  for (const std::set<SourceReference>& wave : inclusion_waves(inclusions, wanted)) {
    if (!text.empty()) text += '|';
    std::string names;
    for (const SourceReference& one : wave) names += (names.empty() ? "" : " ") + one.name;
    text += names;
  }
  return text;
}

}  // namespace

TEST_CASE("what a GitRepository includes is in its own namespace, in the order of its spec") {
  const Resource object = yaml_resource(
      "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata:\n  name: a\n"
      "  namespace: apps\nspec:\n  interval: 10m\n  url: https://git.example.org/a\n"
      "  include:\n  - repository: {name: c}\n  - repository: {name: b}\n");
  CHECK(includes_of(object) == std::vector<SourceReference>{{"GitRepository", "apps", "c"},
                                                            {"GitRepository", "apps", "b"}});
  Resource other = object;
  other.id.kind = "OCIRepository";
  CHECK(includes_of(other).empty());
}

TEST_CASE("what is included is asked before what includes it, wherever it is named") {
  const SourceInclusions inclusions{{named("a"), {named("b"), named("c")}},
                                    {named("b"), {named("d")}},
                                    {named("x"), {named("a")}}};
  CHECK(waves_of(inclusions, {named("a")}) == "c d|b|a");
  CHECK(waves_of(inclusions, {named("x"), named("e")}) == "c d e|b|a|x");
  CHECK(waves_of(inclusions, {named("d")}) == "d");
  CHECK(waves_of(inclusions, {}).empty());
}

TEST_CASE("a circle of inclusions is told of those in it alone, and ends the search") {
  const SourceInclusions inclusions{{named("a"), {named("b")}},
                                    {named("b"), {named("c")}},
                                    {named("c"), {named("b")}},
                                    {named("self"), {named("self")}}};
  const auto circles = inclusion_circles(inclusions);
  CHECK(circles.size() == 3);
  CHECK(circles.at(named("b")) ==
        "GitRepository/flux-system/b → GitRepository/flux-system/c → GitRepository/flux-system/b");
  CHECK(circles.contains(named("c")));
  CHECK(circles.contains(named("self")));
  CHECK_FALSE(waves_of(inclusions, {named("a"), named("self")}).empty());
}

}  // namespace primocane
