// SPDX-License-Identifier: Apache-2.0
// Passes over objects of which spec.ignore leaves fields to others.
#include "support/pass_world.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {
namespace {

constexpr std::string_view ignoring = "  ignore: [{paths: [/data/size], target: {name: a}}]\n";

const std::string object_request = "ConfigMap/default/a";

// A set with the ConfigMap a that holds {k: `value`, size: `size`}.
void commit(PassWorld& world, char digit, std::string_view value, std::string_view size,
            std::string_view more = ignoring) {
  world.commit(digit, fmt::format("---\napiVersion: kustomize.toolkit.fluxcd.io/v1\n"
                                  "kind: Kustomization\nmetadata:\n  name: apps\n"
                                  "  namespace: flux-system\nspec:\n  interval: 10m\n"
                                  "  prune: true\n  path: apps\n"
                                  "  sourceRef: {{kind: GitRepository, name: flux-system}}\n{}",
                                  more));
  world.folder(digit, "apps",
               fmt::format("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: "
                           "default}}\ndata: {{k: {}, size: \"{}\"}}\n",
                           value, size));
}

std::string field(const PassWorld& world, std::string_view key) {
  const Value* object = world.cluster.find(default_map("a"));
  return object == nullptr ? "gone" : std::string(object->text_at("data", key));
}

void edit(PassWorld& world, std::string_view patch, std::string_view manager = "autoscaler") {
  world.cluster.edit(default_map("a"), manager, yaml_value(patch));
}

std::ptrdiff_t count(const PassWorld& world, std::string_view verb) {
  return std::ranges::count(world.cluster.requests(), fmt::format("{} {}", verb, object_request));
}

TEST_CASE("an object is made with the fields that are ignored later") {
  PassWorld world;
  commit(world, '1', "v", "1");
  CHECK(world.pass().problems.empty());
  CHECK(field(world, "size") == "1");
  CHECK(count(world, "get") == 0);
}

TEST_CASE("a change of an ignored field is no drift, and is looked at once") {
  PassWorld world;
  commit(world, '1', "v", "1");
  world.pass();
  edit(world, "data: {size: '5'}");
  world.cluster.forget_requests();
  const PassReport report = world.pass();
  CHECK(report.changes == 0);
  CHECK(report.problems.empty());
  CHECK(field(world, "size") == "5");
  CHECK(count(world, "dry-run") == 1);
  CHECK(count(world, "apply") == 0);
  edit(world, "data: {size: '6'}");
  world.cluster.forget_requests();
  CHECK(world.pass().changes == 0);
  CHECK(count(world, "get") == 0);
  CHECK(field(world, "size") == "6");
}

TEST_CASE("another field's drift is reverted and the ignored one stays") {
  PassWorld world;
  commit(world, '1', "v", "1");
  world.pass();
  edit(world, "data: {size: '5', k: other}");
  const PassReport report = world.pass();
  CHECK(report.changes == 1);
  CHECK(field(world, "k") == "v");
  CHECK(field(world, "size") == "5");
  CHECK(world.pass().changes == 0);
}

TEST_CASE("a field that was taken and put back is taken back, else nobody saw its next change") {
  PassWorld world;
  commit(world, '1', "v", "1");
  world.pass();
  edit(world, "data: {size: '5', k: other}", "kubectl-edit");
  edit(world, "data: {k: v}", "kubectl-edit");
  world.pass();
  edit(world, "data: {k: other}", "kubectl-edit");
  CHECK(world.pass().changes == 1);
  CHECK(field(world, "k") == "v");
}

TEST_CASE("a change in Git keeps what others made of an ignored field") {
  PassWorld world;
  commit(world, '1', "v", "1");
  world.pass();
  edit(world, "data: {size: '5'}");
  commit(world, '2', "w", "2");
  CHECK(world.pass().changes == 1);
  CHECK(field(world, "k") == "w");
  CHECK(field(world, "size") == "5");
}

TEST_CASE("an ignored field that another manager applied is left to it") {
  PassWorld world;
  commit(world, '1', "v", "1");
  world.pass();
  world.cluster.apply_as("scaler",
                         yaml_value("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, "
                                    "namespace: default}, data: {size: '9'}}"));
  commit(world, '2', "w", "2");
  CHECK(world.pass().problems.empty());
  CHECK(field(world, "k") == "w");
  CHECK(field(world, "size") == "9");
}

TEST_CASE("a field that is not ignored any more is as in Git again") {
  PassWorld world;
  commit(world, '1', "v", "1");
  world.pass();
  edit(world, "data: {size: '5'}");
  world.pass();
  commit(world, '2', "v", "1", "");
  CHECK(world.pass().changes == 1);
  CHECK(field(world, "size") == "1");
}

TEST_CASE("an object that is deleted is made anew with all its fields") {
  PassWorld world;
  commit(world, '1', "v", "1");
  world.pass();
  edit(world, "data: {size: '5'}");
  world.cluster.delete_object(default_map("a"));
  world.pass();
  CHECK(field(world, "size") == "1");
}

TEST_CASE("a lost index and an object that belongs to nobody leave an ignored field alone") {
  PassWorld world;
  world.cluster.create(
      yaml_value("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: "
                 "default}, data: {size: '7'}}"));
  commit(world, '1', "v", "1");
  CHECK(world.pass().changes == 1);
  CHECK(field(world, "k") == "v");
  CHECK(field(world, "size") == "7");
  edit(world, "data: {size: '8'}");
  world.memory.index.clear();
  CHECK(world.pass().changes == 0);
  CHECK(field(world, "size") == "8");
}

TEST_CASE("what changes while it is looked at is looked at again") {
  PassWorld world;
  commit(world, '1', "v", "1");
  world.pass();
  int edits = 0;
  world.cluster.on_effect = [&](std::string_view what) {
    if (what != "apply " + object_request || edits == 2) return;
    ++edits;
    edit(world, fmt::format("data: {{size: '{}'}}", 10 + edits));
  };
  commit(world, '2', "w", "1");
  CHECK(world.pass().problems.empty());
  CHECK(edits == 2);
  CHECK(field(world, "k") == "w");
  CHECK(field(world, "size") == "12");
}

TEST_CASE("a wrong rule fails its Kustomization and names the field") {
  PassWorld world;
  commit(world, '1', "v", "1", "  ignore: [{paths: [size]}]\n");
  const PassReport report = world.pass();
  REQUIRE_FALSE(report.problems.empty());
  CHECK(report.problems.front().message.find("spec.ignore[0].paths[0]") != std::string::npos);
  CHECK(field(world, "k") == "gone");
}

}  // namespace
}  // namespace primocane
