// SPDX-License-Identifier: Apache-2.0
#include "reconcile/release_order.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <string>
#include <vector>

namespace primocane {
namespace {

ResourceId release_id(const std::string& name) {
  return {"helm.toolkit.fluxcd.io", "HelmRelease", "home", name};
}

std::vector<ResourceId> release_ids(const std::vector<std::string>& names) {
  std::vector<ResourceId> ids;
  for (const std::string& name : names) ids.push_back(release_id(name));
  return ids;
}

// Each name with those that it depends on.
ReleaseStates releases_of(const std::map<std::string, std::vector<std::string>>& names) {
  ReleaseStates releases;
  for (const auto& [name, dependencies] : names) {
    HelmReleaseSpec spec;
    spec.id = release_id(name);
    for (const ResourceId& id : release_ids(dependencies)) spec.depends_on.push_back({id, {}});
    releases[spec.id].spec = std::move(spec);
  }
  return releases;
}

TEST_CASE("releases come after those they depend on, and else stay in their order") {
  const ReleaseStates releases =
      releases_of({{"a", {"c", "elsewhere"}}, {"b", {}}, {"c", {"d"}}, {"d", {}}});
  CHECK(in_order_of_dependencies(release_ids({"a", "b", "c", "d"}), releases) ==
        release_ids({"b", "d", "c", "a"}));
}

TEST_CASE("releases that wait for each other come last, and the way is told") {
  const ReleaseStates releases = releases_of({{"a", {"b"}}, {"b", {"c"}}, {"c", {"b"}}, {"d", {}}});
  CHECK(in_order_of_dependencies(release_ids({"a", "b", "c", "d"}), releases) ==
        release_ids({"d", "a", "b", "c"}));
  CHECK(dependency_circle(release_id("a"), releases) == std::nullopt);
  CHECK(dependency_circle(release_id("b"), releases) == "home/b → home/c → home/b");
  CHECK(dependency_circle(release_id("c"), releases) == "home/c → home/b → home/c");
  CHECK(dependency_circle(release_id("d"), releases) == std::nullopt);
}

TEST_CASE("a release that depends on itself is a circle") {
  CHECK(dependency_circle(release_id("a"), releases_of({{"a", {"a"}}})) == "home/a → home/a");
}

}  // namespace
}  // namespace primocane
