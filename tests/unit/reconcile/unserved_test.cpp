// SPDX-License-Identifier: Apache-2.0
// Members of a kind that the server does not serve for a while are not lost.
#include "support/pass_world.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>

namespace primocane {
namespace {

const ResourceId parent_id{"", "ConfigMap", "primocane-system", "primocane-system.root"};
const ResourceId thing_id{"example.org", "Thing", "default", "one"};
const ResourceId definition_id{"apiextensions.k8s.io", "CustomResourceDefinition", "",
                               "things.example.org"};
constexpr std::string_view thing =
    "---\napiVersion: example.org/v1\nkind: Thing\nmetadata: {name: one, namespace: default}\n";

ServedKind thing_kind() {
  return {.group_kind = thing_id.group_kind(), .versions = {"v1"}, .plural = "things"};
}

// A definition in group example.org, without a cluster that serves it.
Value definition_of(std::string_view plural, std::string_view kind) {
  return yaml_value(fmt::format(R"(
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: {0}.example.org}}
spec:
  group: example.org
  scope: Namespaced
  names: {{kind: {1}, plural: {0}}}
  versions: [{{name: v1, served: true, storage: true}}]
)",
                                plural, kind));
}

Value api_service() {
  return yaml_value(
      "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: "
      "v1.example.org}}");
}

// A Thing was applied and has left Git, unless it is said otherwise.
class ThingWorld : public PassWorld {
 public:
  void apply_thing() {
    commit('1', config_map_yaml("a") + std::string(thing));
    REQUIRE(pass().problems.empty());
    commit('2', config_map_yaml("a"));
  }
  [[nodiscard]] std::string kinds() const {
    return std::string(cluster.find(parent_id)->text_at(
        "metadata", "annotations", "applyset.kubernetes.io/contains-group-kinds"));
  }
  // Whether the Thing is pruned once it is seen again.
  [[nodiscard]] bool is_found_again() {
    cluster.serve(thing_kind());
    pass();
    return cluster.find(thing_id) == nullptr;
  }
};

TEST_CASE("a member whose definition is not served for a while is found again and pruned") {
  ThingWorld world;
  world.cluster.create(definition_of("things", "Thing"));
  world.apply_thing();
  world.cluster.hide(thing_id.group_kind());
  for (int i = 0; i < 3; ++i) CHECK(world.pass().problems.empty());
  CHECK(world.kinds() == "ConfigMap,Thing.example.org");
  REQUIRE(world.cluster.find(thing_id) != nullptr);
  CHECK(world.is_found_again());
  CHECK(world.kinds() == "ConfigMap");
}

TEST_CASE("a member of an aggregated API that is down is found again and pruned") {
  ThingWorld world;
  world.cluster.create(api_service());
  world.cluster.serve(thing_kind());
  world.apply_thing();
  world.cluster.hide(thing_id.group_kind());
  world.pass();
  REQUIRE(world.cluster.find(thing_id) != nullptr);
  CHECK(world.is_found_again());
}

TEST_CASE("namespaces and prune marks stay with a kind that is not served") {
  ThingWorld world;
  world.cluster.create(definition_of("things", "Thing"));
  world.commit('1', config_map_yaml("a") + R"(---
apiVersion: example.org/v1
kind: Thing
metadata:
  name: two
  namespace: kube-system
  annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}
)");
  world.pass();
  const auto says = [&world](std::string_view annotation) {
    return std::string(
        world.cluster.find(parent_id)->text_at("metadata", "annotations", annotation));
  };
  const std::string marks = says("primocane.dev/prune-marks");
  REQUIRE(marks.find("Thing") != std::string::npos);
  world.commit('2', config_map_yaml("a"));
  world.cluster.hide(thing_id.group_kind());
  world.pass();
  CHECK(says("applyset.kubernetes.io/additional-namespaces") == "default,kube-system");
  CHECK(says("primocane.dev/prune-marks") == marks);
}

TEST_CASE("a kind that ceases to be served between discovery and its list was not listed") {
  ThingWorld world;
  world.cluster.create(definition_of("things", "Thing"));
  world.apply_thing();
  world.cluster.on_request = [&world](const FakeRequest& request) -> std::optional<Error> {
    if (request.str() == "list Thing.example.org") world.cluster.hide(thing_id.group_kind());
    return std::nullopt;
  };
  world.pass();
  world.cluster.on_request = {};
  REQUIRE(world.cluster.find(thing_id) != nullptr);
  CHECK(world.is_found_again());
}

TEST_CASE("a kind whose definition is gone is no longer looked for") {
  ThingWorld world;
  world.cluster.create(definition_of("things", "Thing"));
  world.cluster.create(definition_of("others", "Other"));
  world.cluster.create(api_service());  // the server makes one for each group of definitions
  world.apply_thing();
  world.cluster.delete_object(definition_id);
  CHECK(world.pass().problems.empty());
  CHECK(world.kinds() == "ConfigMap");
}

TEST_CASE("a kind stays where it cannot be found out whether its definition is gone") {
  ThingWorld world;
  world.cluster.create(definition_of("things", "Thing"));
  world.apply_thing();
  world.cluster.delete_object(definition_id);
  world.cluster.on_request = [](const FakeRequest& request) -> std::optional<Error> {
    if (request.str() != "list CustomResourceDefinition.apiextensions.k8s.io") return std::nullopt;
    return Error{ErrorKind::denied, "customresourcedefinitions is forbidden"};
  };
  CHECK(world.pass().problems.empty());
  CHECK(world.kinds() == "ConfigMap,Thing.example.org");
}

}  // namespace
}  // namespace primocane
