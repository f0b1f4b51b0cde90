// SPDX-License-Identifier: Apache-2.0
// Objects that are deleted and made anew, because a field of theirs may not change.
#include "support/pass_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>

namespace primocane {
namespace {

// Whether ConfigMap "a" of a Kustomization that forces is made anew when the server says `error` of
// a change.
bool is_made_anew(const Error& error) {
  PassWorld world;
  world.commit('1', config_map_yaml("top") + kustomization_yaml("apps", "  force: true\n"));
  world.folder('1', "apps", config_map_yaml("a"));
  world.pass();
  const ResourceId id = default_map("a");
  const std::string before(world.cluster.find(id)->text_at("metadata", "uid"));
  world.commit('2', config_map_yaml("top") + kustomization_yaml("apps", "  force: true\n"));
  world.folder('2', "apps", config_map_yaml("a", "other"));
  world.cluster.fail_next_applies(id, error);
  world.pass();
  const Value* live = world.cluster.find(id);
  REQUIRE(live != nullptr);
  return live->text_at("metadata", "uid") != before;
}

TEST_CASE("what the server calls a change that may not be is made anew where that is wished") {
  // As kube-apiserver 1.35 says it of Jobs, Services, bindings, StatefulSets and PriorityClasses.
  for (const std::string_view words :
       {"spec.template: Invalid value: {}: field is immutable",
        "spec.clusterIPs[0]: Invalid value: [\"10.0.0.1\"]: may not change once set",
        "roleRef: Invalid value: {}: cannot change roleRef",
        "spec: Forbidden: updates to statefulset spec for fields other than 'replicas' are "
        "forbidden",
        "value: Forbidden: may not be changed in an update."}) {
    INFO(words);
    CHECK(is_made_anew({ErrorKind::invalid, std::string(words)}));
  }
  CHECK(is_made_anew(
      {ErrorKind::denied, "admission webhook \"w\" denied the request: spec.class is immutable"}));
}

TEST_CASE("what is refused for another reason is not deleted") {
  CHECK_FALSE(is_made_anew({ErrorKind::invalid, "spec.replicas: must be at least 0"}));
  CHECK_FALSE(is_made_anew({ErrorKind::denied, "admission webhook \"w\" denied the request: no"}));
  CHECK_FALSE(is_made_anew({ErrorKind::denied, "pods \"a\" are forbidden: no right"}));
}

}  // namespace
}  // namespace primocane
