// SPDX-License-Identifier: Apache-2.0
#include "reconcile/observe.hpp"

#include "support/pass_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {
namespace {

using Lines = std::vector<std::string>;

std::string map_in(std::string_view space, std::string_view name) {
  return fmt::format(
      "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {}, namespace: {}}}\n", name, space);
}

// The requests of the first pass that look for ConfigMaps which a commit of `manifests` desires,
// in order of their text.
Lines lookups_for(std::string_view manifests) {
  PassWorld world;
  world.commit('1', manifests);
  world.pass();
  Lines lines;
  for (const std::string& request : world.cluster.requests()) {
    const bool is_lookup = request.starts_with("list ConfigMap") && request != "list ConfigMap" &&
                           request.find("primocane-system") == std::string::npos;
    if (is_lookup) lines.push_back(request);
  }
  std::ranges::sort(lines);
  return lines;
}

TEST_CASE("up to three objects that are missing in a namespace are looked up one by one") {
  CHECK(lookups_for(map_in("default", "a") + map_in("default", "b") + map_in("default", "c")) ==
        Lines{"list ConfigMap/default/a", "list ConfigMap/default/b", "list ConfigMap/default/c"});
}

TEST_CASE("more than three of a kind that are missing in a namespace are looked up by one list") {
  std::string manifests = map_in("kube-system", "e");
  for (const char name : {'a', 'b', 'c', 'd'}) {
    manifests += map_in("default", std::string(1, name));
  }
  CHECK(lookups_for(manifests) ==
        Lines{"list ConfigMap in default", "list ConfigMap/kube-system/e"});
}

TEST_CASE("nothing is looked up in a namespace that does not exist yet") {
  const std::string space = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: home}\n";
  CHECK(lookups_for(space + map_in("home", "a")).empty());
}

TEST_CASE("a desired object is looked up in a namespace that exists already") {
  const std::string space = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: default}\n";
  CHECK(lookups_for(space + map_in("default", "a")) == Lines{"list ConfigMap/default/a"});
}

}  // namespace
}  // namespace primocane
