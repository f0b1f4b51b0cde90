// SPDX-License-Identifier: Apache-2.0
// What leaves a Kustomization that does not prune becomes nobody's, as it leaves Flux's inventory.
#include "support/pass_world.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>

namespace primocane {
namespace {

std::string keeping_yaml(std::string_view name) {
  std::string text = kustomization_yaml(name);
  text.replace(text.find("prune: true"), 11, "prune: false");
  return text;
}

std::string_view label_of(const PassWorld& world, std::string_view name) {
  const Value* object = world.cluster.find(default_map(name));
  return object == nullptr
             ? "gone"
             : object->text_at("metadata", "labels", "applyset.kubernetes.io/part-of");
}

bool has_parent(const PassWorld& world) {
  return world.cluster.find({"", "ConfigMap", "primocane-system", "flux-system.apps"}) != nullptr;
}

// A world in which ConfigMap "old" left Kustomization "apps", which does not prune.
class KeepingWorld : public PassWorld {
 public:
  KeepingWorld() {
    commit('1', config_map_yaml("top") + keeping_yaml("apps"));
    folder('1', "apps", config_map_yaml("a") + config_map_yaml("old"));
    pass();
    commit('2', config_map_yaml("top") + keeping_yaml("apps"));
    folder('2', "apps", config_map_yaml("a"));
  }
};

TEST_CASE("what leaves a Kustomization that does not prune is let go, and told once") {
  KeepingWorld world;
  REQUIRE_FALSE(label_of(world, "old").empty());
  CHECK(world.pass().problems.empty());
  CHECK(label_of(world, "old").empty());
  CHECK_FALSE(label_of(world, "a").empty());
  CHECK(world.events.messages(EventKind::object_kept)
            .find("ConfigMap/default/old let go: left Git") != std::string::npos);
  world.events.clear();
  CHECK(world.pass().changes == 0);
  CHECK_FALSE(world.events.has(EventKind::object_kept));
}

TEST_CASE("what was let go stays when its Kustomization prunes later") {
  KeepingWorld world;
  world.pass();
  world.commit('3', config_map_yaml("top") + kustomization_yaml("apps"));
  world.folder('3', "apps", config_map_yaml("b"));
  CHECK(world.pass().problems.empty());
  CHECK(label_of(world, "a") == "gone");
  CHECK(label_of(world, "old").empty());
}

TEST_CASE("what was let go is taken up again when it comes back") {
  KeepingWorld world;
  world.pass();
  world.commit('3', config_map_yaml("top") + keeping_yaml("apps"));
  world.folder('3', "apps", config_map_yaml("a") + config_map_yaml("old", "new"));
  CHECK(world.pass().problems.empty());
  CHECK_FALSE(label_of(world, "old").empty());
  CHECK(world.cluster.find(default_map("old"))->text_at("data", "k") == "new");
}

TEST_CASE(
    "a Kustomization that does not prune and leaves Git lets go of all, and its parent goes") {
  KeepingWorld world;
  world.commit('3', config_map_yaml("top"));
  CHECK(world.pass().problems.empty());
  CHECK(label_of(world, "a").empty());
  CHECK(label_of(world, "old").empty());
  CHECK_FALSE(has_parent(world));
}

TEST_CASE("what changed before it was let go is looked at again") {
  KeepingWorld world;
  world.cluster.on_effect = [&world](std::string_view what) {
    if (what != "patch ConfigMap/default/old") return;
    world.cluster.on_effect = {};
    world.cluster.edit(default_map("old"), "kubectl-edit", yaml_value("data: {k: other}"));
  };
  CHECK(world.pass().problems.empty());
  CHECK(label_of(world, "old").empty());
}

TEST_CASE("what could not be let go is told, and found again") {
  KeepingWorld world;
  world.cluster.on_request = [](const FakeRequest& request) -> std::optional<Error> {
    if (request.str() != "patch ConfigMap/default/old") return std::nullopt;
    return Error{ErrorKind::denied, "no"};
  };
  CHECK(world.pass().worst == ErrorKind::denied);
  world.cluster.on_request = {};
  world.restart();
  world.pass();
  CHECK(label_of(world, "old").empty());
}

}  // namespace
}  // namespace primocane
