// SPDX-License-Identifier: Apache-2.0
// The contract of Cluster's patches: of exactly what was seen, and what they may do to the managers
// of an object's fields.
#include "contract/cluster_world.hpp"
#include "document/json.hpp"
#include "resource/well_known.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <fmt/format.h>

#include <string>

using namespace primocane;

namespace {

std::unique_ptr<ClusterWorld> patch_world() {
  return make_world(GENERATE(from_range(cluster_worlds())));
}

Value patched_map(const ClusterWorld& world, std::string_view data) {
  return yaml_value(fmt::format(R"(
apiVersion: v1
kind: ConfigMap
metadata: {{name: patched, namespace: {}}}
data: {}
)",
                                world.space(), data));
}

PatchRequest patch_of(const LiveObject& seen, std::string body) {
  return {.id = seen.id,
          .version = {},
          .body = std::move(body),
          .uid = seen.uid,
          .resource_version = seen.resource_version};
}

}  // namespace

TEST_CASE("a patch changes what it names and answers the object's metadata") {
  const auto world = patch_world();
  const auto first = world->apply(patched_map(*world, "{color: red, size: big}"));
  const auto patched =
      world->patch(patch_of(first->live, R"([{"op":"replace","path":"/data/color","value":"blue"},
                                             {"op":"remove","path":"/data/size"}])"));
  REQUIRE(patched);
  REQUIRE(patched->uid == first->live.uid);
  REQUIRE(patched->resource_version != first->live.resource_version);
  REQUIRE(world->look_at(first->live.id) == *patched);
  const auto object = world->get(first->live.id);
  REQUIRE(object->text_at("data", "color") == "blue");
  REQUIRE(object->find("data", "size") == nullptr);
}

TEST_CASE("only the object that was seen is patched") {
  const auto world = patch_world();
  const auto first = world->apply(patched_map(*world, "{color: red}"));
  const auto second = world->apply(patched_map(*world, "{color: blue}"));
  const std::string body = R"([{"op":"add","path":"/data/added","value":"x"}])";
  REQUIRE(world->patch(patch_of(first->live, body)).error().kind == ErrorKind::conflict);
  PatchRequest of_another = patch_of(second->live, body);
  of_another.uid = "00000000-0000-0000-0000-000000000000";
  REQUIRE(world->patch(of_another).error().kind == ErrorKind::conflict);
  of_another.resource_version.clear();
  REQUIRE(world->patch(of_another).error().kind == ErrorKind::conflict);
  REQUIRE(world->get(first->live.id)->find("data", "added") == nullptr);
  REQUIRE(world->patch(patch_of(second->live, body)));
  world->delete_object(first->live.id);
  REQUIRE(world->patch(patch_of(second->live, body)).error().kind == ErrorKind::conflict);
}

TEST_CASE("a patch that does not fit the object is invalid") {
  const auto world = patch_world();
  const auto first = world->apply(patched_map(*world, "{color: red}"));
  REQUIRE(world->patch(patch_of(first->live, R"([{"op":"remove","path":"/data/none"}])"))
              .error()
              .kind == ErrorKind::invalid);
  REQUIRE(world->patch(patch_of(first->live, "{}")).error().kind == ErrorKind::invalid);
  PatchRequest unknown = patch_of(first->live, "[]");
  unknown.id.kind = "NoSuchKind";
  REQUIRE(world->patch(unknown).error().kind == ErrorKind::unavailable);
}

TEST_CASE("a patch can hand the fields of one manager to another, and an apply removes them then") {
  const auto world = patch_world();
  const auto first = world->apply(patched_map(*world, "{color: red}"));
  world->edit(first->live.id, "kubectl-edit", yaml_value("data: {added: by hand}"));
  const auto object = world->get(first->live.id);
  Array entries = *object->find("metadata", "managedFields")->as_array();
  REQUIRE(entries.size() == 2);
  std::erase_if(entries,
                [](const Value& entry) { return entry.text_at("manager") != "primocane"; });
  REQUIRE(entries.size() == 1);
  Value* fields = entries.at(0).as_object()->find("fieldsV1")->as_object()->find("f:data");
  fields->as_object()->set("f:added", Value(Object{}));
  const Value operation = Object{{"op", Value("replace")},
                                 {"path", Value("/metadata/managedFields")},
                                 {"value", Value(std::move(entries))}};
  const auto patched =
      world->patch(patch_of(*world->look_at(first->live.id), write_json(Value(Array{operation}))));
  REQUIRE(patched);
  REQUIRE(patched->entry);
  REQUIRE(patched->last_manager.empty());
  REQUIRE(world->get(first->live.id)->text_at("data", "added") == "by hand");
  REQUIRE(world->apply(patched_map(*world, "{color: red}")));
  REQUIRE(world->get(first->live.id)->find("data", "added") == nullptr);
}
