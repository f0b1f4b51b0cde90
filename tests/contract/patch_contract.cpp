// SPDX-License-Identifier: Apache-2.0
// The contract of Cluster's patches: of exactly what was seen, and what they may do to the managers
// of an object's fields.
#include "contract/cluster_world.hpp"
#include "document/json.hpp"
#include "resource/handed_over_fields.hpp"
#include "resource/well_known.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <fmt/format.h>

#include <array>
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

TEST_CASE("what people's tools have set is handed over and goes with the next apply") {
  const auto world = patch_world();
  const auto first = world->apply(patched_map(*world, "{color: red}"));
  world->edit(first->live.id, "some-controller", yaml_value("data: {theirs: x}"));
  world->edit(first->live.id, "kubectl-edit", yaml_value("data: {added: by hand}"));
  const auto edited = world->look_at(first->live.id);
  REQUIRE(edited->tool == "kubectl-edit");
  const auto object = world->get(first->live.id);
  const auto patched =
      world->patch(patch_of(*edited, managed_fields_patch(hand_over_fields(*object).value())));
  REQUIRE(patched);
  REQUIRE(patched->tool.empty());
  const auto again = world->apply(patched_map(*world, "{color: red}"));
  REQUIRE(again->live.entry->fields == first->live.entry->fields);
  REQUIRE(world->get(first->live.id)->find("data", "added") == nullptr);
  REQUIRE(world->get(first->live.id)->text_at("data", "theirs") == "x");
}

TEST_CASE("an object without managedFields gets an entry of what was there with our apply") {
  const auto world = patch_world();
  const auto first = world->apply(patched_map(*world, "{color: red}"));
  world->edit(first->live.id, "some-controller", yaml_value("data: {theirs: x}"));
  world->strip_managed_fields(first->live.id);
  REQUIRE(world->apply(patched_map(*world, "{color: red}"))->live.tool == "before-first-apply");
  const auto object = world->get(first->live.id);
  REQUIRE(world->patch(patch_of(*world->look_at(first->live.id),
                                managed_fields_patch(hand_over_fields(*object).value()))));
  REQUIRE(world->apply(patched_map(*world, "{color: red}"))->live.tool.empty());
  REQUIRE(world->get(first->live.id)->find("data", "theirs") == nullptr);
}

TEST_CASE("a deployment that another manager applied is handed over without a new generation") {
  const auto world = patch_world();
  const Value web = yaml_value(fmt::format(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: {}, labels: {{app: web}}}}
spec:
  replicas: 0
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec: {{containers: [{{name: web, image: nginx, ports: [{{containerPort: 80}}]}}]}}
)",
                                           world->space()));
  world->apply_as("kustomize-controller", web);
  const ResourceId id{"apps", "Deployment", world->space(), "web"};
  constexpr std::array<ManagerPattern, 1> flux{{{.name = "kustomize-controller"}}};
  const auto before = world->get(id);
  Result<LiveObject> patched = fail(ErrorKind::cancelled, "not tried");
  REQUIRE(world->becomes_true([&] {  // its controller writes it too
    const auto fields =
        hand_over_fields(world->get(id).value(), {.from = flux, .spared = Spared::nothing});
    patched = world->patch(patch_of(*world->look_at(id), managed_fields_patch(fields.value())));
    return patched.has_value();
  }));
  REQUIRE(patched->entry);
  REQUIRE_FALSE(patched->foreign_owner);
  REQUIRE(world->apply(web)->live.entry->fields == patched->entry->fields);
  const auto after = world->get(id);
  REQUIRE(*after->find("metadata", "generation") == *before->find("metadata", "generation"));
  REQUIRE(*after->find("spec") == *before->find("spec"));
}
