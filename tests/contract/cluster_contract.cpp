// SPDX-License-Identifier: Apache-2.0
// The contract of Cluster: what every implementation answers to each of its requests.
#include "contract/cluster_world.hpp"
#include "document/json.hpp"
#include "resource/well_known.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <fmt/format.h>

#include <algorithm>

using namespace primocane;

namespace {

std::unique_ptr<ClusterWorld> each_world() {
  return make_world(GENERATE(from_range(cluster_worlds())));
}

constexpr std::string_view set_id = "applyset-contract-v1";

Value config_map(const ClusterWorld& world, std::string_view data, std::string_view name = "web") {
  return yaml_value(fmt::format(R"(
apiVersion: v1
kind: ConfigMap
metadata: {{name: {}, namespace: {}, labels: {{{}: {}}}}}
data: {}
)",
                                name, world.space(), applyset_part_of_label, set_id, data));
}

// Of which nothing is started.
Value sleeping_deployment(const ClusterWorld& world, std::string_view cpu) {
  return yaml_value(fmt::format(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: {}}}
spec:
  replicas: 0
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}, creationTimestamp: null}}
    spec:
      containers:
      - name: web
        image: nginx
        command: []
        env: [{{name: EMPTY, value: ""}}]
        ports: [{{containerPort: 80, protocol: TCP}}]
        resources: {{requests: {{cpu: {}, memory: 0.5Gi}}, limits: {{memory: 1024Mi}}}}
        securityContext: {{}}
)",
                                world.space(), cpu));
}

ResourceId map_id(const ClusterWorld& world, std::string_view name = "web") {
  return {"", "ConfigMap", world.space(), std::string(name)};
}

using Altered = std::vector<std::string>;

std::vector<std::string> names_of(const std::vector<LiveObject>& objects) {
  std::vector<std::string> names;
  for (const LiveObject& object : objects) names.push_back(object.id.name);
  std::ranges::sort(names);
  return names;
}

}  // namespace

TEST_CASE("an apply creates an object that carries our label and our entry") {
  const auto world = each_world();
  const auto applied = world->apply(config_map(*world, "{color: red}"));
  REQUIRE(applied);
  REQUIRE(applied->was_created);
  REQUIRE(applied->live.id == map_id(*world));
  REQUIRE_FALSE(applied->live.uid.empty());
  REQUIRE_FALSE(applied->live.resource_version.empty());
  REQUIRE(applied->live.part_of == set_id);
  REQUIRE(applied->live.entry);
  REQUIRE(applied->live.entry->owns_part_of_label);
  REQUIRE(is_member(applied->live, Declared::no));
  REQUIRE(applied->object.is_null());
  REQUIRE(world->look_at(map_id(*world)) == applied->live);
}

TEST_CASE("a namespace that is written into a cluster-scoped object is passed by") {
  const auto world = each_world();
  const Value space = yaml_value(
      "{apiVersion: v1, kind: Namespace, metadata: {name: new-one, "
      "namespace: elsewhere}}");
  ApplyRequest request{.id = {"", "Namespace", "", "new-one"},
                       .version = "v1",
                       .body = write_json(space),
                       .uid = {},
                       .resource_version = {},
                       .dry_run = DryRun::yes};
  const Result<Applied> applied =
      run_until_done(world->loop(), world->cluster().apply(std::move(request)));
  REQUIRE(applied);
  REQUIRE(applied->live.id.namespace_name.empty());
}

TEST_CASE("applying the same again changes nothing, not even the time") {
  const auto world = each_world();
  const auto first = world->apply(config_map(*world, "{color: red}"));
  world->pass_a_second();
  const auto again = world->apply(config_map(*world, "{color: red}"));
  REQUIRE_FALSE(again->was_created);
  REQUIRE(again->live == first->live);
}

TEST_CASE("applying another value moves the entry's time and leaves its fields") {
  const auto world = each_world();
  const auto first = world->apply(config_map(*world, "{color: red}"));
  world->pass_a_second();
  const auto changed = world->apply(config_map(*world, "{color: blue}"));
  REQUIRE(changed->live.uid == first->live.uid);
  REQUIRE(changed->live.resource_version != first->live.resource_version);
  REQUIRE(changed->live.entry->fields == first->live.entry->fields);
  REQUIRE(changed->live.entry->time > first->live.entry->time);
}

TEST_CASE("what is no longer applied is removed") {
  const auto world = each_world();
  const auto first = world->apply(config_map(*world, "{color: red, size: big}"));
  const auto second = world->apply(config_map(*world, "{color: red}"));
  REQUIRE(second->live.entry->fields != first->live.entry->fields);
  REQUIRE(world->get(map_id(*world))->find("data", "size") == nullptr);
}

TEST_CASE("a change of a field of ours shows in our entry, and an apply takes it back") {
  const auto world = each_world();
  const auto first = world->apply(config_map(*world, "{color: red}"));
  world->edit(map_id(*world), "kubectl-edit", yaml_value("data: {color: blue}"));
  const auto drifted = world->look_at(map_id(*world));
  REQUIRE(drifted->entry != first->live.entry);
  REQUIRE(drifted->last_manager == "kubectl-edit");
  const auto again = world->apply(config_map(*world, "{color: red}"));
  REQUIRE(again->live.entry->fields == first->live.entry->fields);
  REQUIRE(world->get(map_id(*world))->text_at("data", "color") == "red");
}

TEST_CASE("the removal of a field of ours shows in our entry") {
  const auto world = each_world();
  const auto first = world->apply(config_map(*world, "{color: red, size: big}"));
  world->edit(map_id(*world), "kubectl-edit", Object{{"data", Object{{"size", Value()}}}});
  REQUIRE(world->look_at(map_id(*world))->entry != first->live.entry);
}

TEST_CASE("a field that others add leaves our entry as it is and survives our applies") {
  const auto world = each_world();
  const auto first = world->apply(config_map(*world, "{color: red}"));
  world->edit(map_id(*world), "kubectl-edit", yaml_value("data: {added: by hand}"));
  const auto edited = world->look_at(map_id(*world));
  REQUIRE(edited->entry == first->live.entry);
  REQUIRE(edited->resource_version != first->live.resource_version);
  REQUIRE(world->apply(config_map(*world, "{color: red}")));
  REQUIRE(world->get(map_id(*world))->text_at("data", "added") == "by hand");
}

TEST_CASE("an object that lost our label is no longer selected, but found by name") {
  const auto world = each_world();
  const auto first = world->apply(config_map(*world, "{color: red}"));
  const Object labels{{std::string(applyset_part_of_label), Value()}};
  world->edit(map_id(*world), "kubectl-label",
              Object{{"metadata", Object{{"labels", Value(labels)}}}});
  MetadataQuery query{.group_kind = {"", "ConfigMap"},
                      .namespace_name = world->space(),
                      .label_selector = std::string(applyset_part_of_label)};
  REQUIRE(world->becomes_true([&] { return world->list(query).empty(); }));
  const auto found = world->look_at(map_id(*world));
  REQUIRE(found->part_of.empty());
  REQUIRE(found->entry != first->live.entry);
  REQUIRE_FALSE(is_member(*found, Declared::yes));
}

TEST_CASE("after managedFields were stripped our entry is gone, and an apply brings it back") {
  const auto world = each_world();
  const auto first = world->apply(config_map(*world, "{color: red}"));
  world->strip_managed_fields(map_id(*world));
  REQUIRE_FALSE(world->look_at(map_id(*world))->entry);
  const auto again = world->apply(config_map(*world, "{color: red}"));
  REQUIRE(again->live.entry->fields == first->live.entry->fields);
}

TEST_CASE("a forced apply by another takes what it changes and shares what is equal") {
  const auto world = each_world();
  const auto first = world->apply(config_map(*world, "{color: red, size: big}"));
  world->apply_as("other", config_map(*world, "{color: red, size: big}"));
  REQUIRE(world->look_at(map_id(*world))->entry == first->live.entry);
  world->apply_as("other", config_map(*world, "{color: blue, size: big}"));
  REQUIRE(world->look_at(map_id(*world))->entry != first->live.entry);
  REQUIRE(world->apply(config_map(*world, "{color: red, size: big}")));
  REQUIRE(world->get(map_id(*world))->text_at("data", "color") == "red");
}

TEST_CASE("a field that two apply stays when one of them gives it up") {
  const auto world = each_world();
  REQUIRE(world->apply(config_map(*world, "{color: red, size: big}")));
  world->apply_as("other", config_map(*world, "{size: big}"));
  REQUIRE(world->apply(config_map(*world, "{color: red}")));
  REQUIRE(world->get(map_id(*world))->text_at("data", "size") == "big");
}

TEST_CASE("an apply with a uid changes only the object that has it") {
  const auto world = each_world();
  const auto first = world->apply(config_map(*world, "{color: red}"));
  REQUIRE(world->apply(config_map(*world, "{color: blue}"), {.uid = first->live.uid}));
  const std::string other = "00000000-0000-0000-0000-000000000000";
  REQUIRE(world->apply(config_map(*world, "{color: red}"), {.uid = other}).error().kind ==
          ErrorKind::conflict);
  REQUIRE(world->get(map_id(*world))->text_at("data", "color") == "blue");
  REQUIRE(world->apply(config_map(*world, "{}", "new"), {.uid = other}).error().kind ==
          ErrorKind::conflict);
  REQUIRE_FALSE(world->look_at(map_id(*world, "new")));
}

TEST_CASE("an apply with an old resourceVersion is a conflict") {
  const auto world = each_world();
  const auto first = world->apply(config_map(*world, "{color: red}"));
  const auto second = world->apply(config_map(*world, "{color: blue}"),
                                   {.resource_version = first->live.resource_version});
  REQUIRE(second);
  REQUIRE(world
              ->apply(config_map(*world, "{color: green}"),
                      {.resource_version = first->live.resource_version})
              .error()
              .kind == ErrorKind::conflict);
}

TEST_CASE("a resourceVersion alone does not keep an object that is gone from being made") {
  const auto world = each_world();
  const auto first = world->apply(config_map(*world, "{color: red}"));
  world->delete_object(map_id(*world));
  const auto again = world->apply(config_map(*world, "{color: red}"),
                                  {.resource_version = first->live.resource_version});
  REQUIRE(again->was_created);
  REQUIRE(again->live.uid != first->live.uid);
}

TEST_CASE("a dry run shows the whole object and changes nothing") {
  const auto world = each_world();
  const auto imagined = world->apply(config_map(*world, "{color: red}"), {.dry_run = DryRun::yes});
  REQUIRE(imagined->was_created);
  REQUIRE(imagined->object.text_at("data", "color") == "red");
  REQUIRE_FALSE(world->look_at(map_id(*world)));
  const auto first = world->apply(config_map(*world, "{color: red}"));
  const auto changed = world->apply(config_map(*world, "{color: blue}"), {.dry_run = DryRun::yes});
  REQUIRE_FALSE(changed->was_created);
  REQUIRE(changed->object.text_at("data", "color") == "blue");
  REQUIRE(changed->object.text_at("metadata", "uid") == first->live.uid);
  // It tells from which state it was made.
  REQUIRE(changed->live.resource_version == first->live.resource_version);
  REQUIRE(world->get(map_id(*world))->text_at("data", "color") == "red");
}

TEST_CASE("a dry run counts the generation that its apply would make") {
  const auto world = each_world();
  const auto first = world->apply(sleeping_deployment(*world, "1"));
  REQUIRE(first);
  const std::int64_t generation = first->live.content.generation;
  REQUIRE(generation > 0);
  const auto same = world->apply(sleeping_deployment(*world, "1"), {.dry_run = DryRun::yes});
  REQUIRE(same->live.content.generation == generation);
  const auto other = world->apply(sleeping_deployment(*world, "2"), {.dry_run = DryRun::yes});
  REQUIRE(other->live.content.generation == generation + 1);
  REQUIRE(world->look_at(first->live.id)->content.generation == generation);
}

TEST_CASE("what the server writes in another form than it was sent is not altered") {
  const auto world = each_world();
  const auto deployed = world->apply(sleeping_deployment(*world, "1000m"));
  REQUIRE(deployed);
  REQUIRE(deployed->altered == Altered());
  const Value secret = yaml_value(
      fmt::format("{{apiVersion: v1, kind: Secret, metadata: {{name: key, namespace: {}}}, "
                  "data: {{a: \"YWJj\\nZGVm\\n\", b: ''}}}}",
                  world->space()));
  const auto kept = world->apply(secret);
  REQUIRE(kept);
  REQUIRE(kept->altered == Altered());
}

TEST_CASE("of a dry run and of a large object nobody tells what was altered") {
  const auto world = each_world();
  REQUIRE(world->apply(config_map(*world, "{k: v}"))->altered == Altered());
  REQUIRE_FALSE(world->apply(config_map(*world, "{k: w}"), {.dry_run = DryRun::yes})->altered);
  const std::string large(compared_bytes_max, 'v');
  REQUIRE_FALSE(world->apply(config_map(*world, "{k: " + large + "}"))->altered);
}

TEST_CASE("exactly the object that was seen is deleted") {
  const auto world = each_world();
  const auto first = world->apply(config_map(*world, "{color: red}"));
  const auto second = world->apply(config_map(*world, "{color: blue}"));
  DeleteRequest request{.id = map_id(*world),
                        .version = {},
                        .uid = first->live.uid,
                        .resource_version = first->live.resource_version};
  REQUIRE(world->remove(request).error().kind == ErrorKind::conflict);
  request.resource_version = second->live.resource_version;
  request.uid = "00000000-0000-0000-0000-000000000000";
  REQUIRE(world->remove(request).error().kind == ErrorKind::conflict);
  REQUIRE(world->look_at(map_id(*world)));
  request.uid = first->live.uid;
  REQUIRE(world->remove(request) == Removed::gone);
  REQUIRE_FALSE(world->look_at(map_id(*world)));
  REQUIRE(world->remove(request) == Removed::gone);
}

TEST_CASE("an object with finalizers terminates first") {
  const auto world = each_world();
  const auto applied = world->apply(config_map(*world, "{color: red}"));
  world->edit(map_id(*world), "keeper", yaml_value("metadata: {finalizers: [example.org/keep]}"));
  const DeleteRequest request{.id = map_id(*world), .version = {}, .uid = applied->live.uid};
  REQUIRE(world->remove(request) == Removed::waiting);
  REQUIRE(world->look_at(map_id(*world))->is_terminating);
  REQUIRE(world->remove(request) == Removed::waiting);
  world->edit(map_id(*world), "keeper", Object{{"metadata", Object{{"finalizers", Value()}}}});
  REQUIRE_FALSE(world->look_at(map_id(*world)));
}

TEST_CASE("a list is narrowed by namespace, labels and name") {
  const auto world = each_world();
  for (const std::string_view name : {"one", "two"}) {
    REQUIRE(world->apply(config_map(*world, "{}", name)));
  }
  REQUIRE(world->apply(yaml_value(
      fmt::format("{{apiVersion: v1, kind: ConfigMap, metadata: {{name: other, namespace: {}}}}}",
                  world->space()))));
  const MetadataQuery ours{.group_kind = {"", "ConfigMap"},
                           .namespace_name = world->space(),
                           .label_selector = fmt::format("{}={}", applyset_part_of_label, set_id)};
  REQUIRE(world->becomes_true(
      [&] { return names_of(world->list(ours)) == std::vector<std::string>{"one", "two"}; }));
  MetadataQuery every_space = ours;
  every_space.namespace_name.clear();
  every_space.label_selector = std::string(applyset_part_of_label);
  REQUIRE(world->list(every_space).size() >= 2);
  MetadataQuery none = ours;
  none.label_selector = fmt::format("{}=nobody", applyset_part_of_label);
  REQUIRE(world->list(none).empty());
  MetadataQuery all = ours;
  all.label_selector.clear();
  REQUIRE(world->list(all).size() >= 3);
  REQUIRE(world->look_at(map_id(*world, "other"))->id == map_id(*world, "other"));
}

TEST_CASE("what is not there is nothing, and no failure") {
  const auto world = each_world();
  REQUIRE_FALSE(world->get(map_id(*world, "absent")));
  REQUIRE_FALSE(world->look_at(map_id(*world, "absent")));
  REQUIRE_FALSE(world->get({"", "ConfigMap", "no-such-space", "absent"}));
  REQUIRE(world->list({.group_kind = {"example.org", "NoSuchKind"}}).empty());
  REQUIRE(world->remove({.id = {"example.org", "NoSuchKind", "default", "x"}, .version = "v1"}));
}

TEST_CASE("a kind whose server answers a deletion with the object it deleted is gone as well") {
  const auto world = each_world();
  const Value account = yaml_value(
      fmt::format("{{apiVersion: v1, kind: ServiceAccount, metadata: {{name: x, namespace: {}}}}}",
                  world->space()));
  REQUIRE(world->apply(account));
  const ResourceId id{"", "ServiceAccount", world->space(), "x"};
  REQUIRE(world->remove({.id = id}) == Removed::gone);
}

TEST_CASE("an object whose namespace is not there yet has to wait") {
  const auto world = each_world();
  const auto refused = world->apply(yaml_value(
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: x, namespace: no-such-space}}"));
  REQUIRE(refused.error().kind == ErrorKind::unavailable);
  REQUIRE(refused.error().message.find("no-such-space") != std::string::npos);
}

TEST_CASE("an object whose kind or version is not there yet has to wait") {
  const auto world = each_world();
  for (const std::string_view version : {"example.org/v1", "apps/v9"}) {
    const auto refused = world->apply(yaml_value(
        fmt::format("{{apiVersion: {}, kind: {}, metadata: {{name: x, namespace: default}}}}",
                    version, version == "apps/v9" ? "Deployment" : "NoSuchKind")));
    REQUIRE(refused.error().kind == ErrorKind::unavailable);
    REQUIRE(refused.error().message.find("no matches for kind") != std::string::npos);
  }
}

TEST_CASE("a namespace that does not fit the kind is invalid") {
  const auto world = each_world();
  REQUIRE(world->apply(yaml_value("{apiVersion: v1, kind: ConfigMap, metadata: {name: x}}"))
              .error()
              .kind == ErrorKind::invalid);
  REQUIRE(world
              ->apply(yaml_value(
                  "{apiVersion: v1, kind: Namespace, metadata: {name: x, namespace: default}}"))
              .error()
              .kind == ErrorKind::invalid);
}

TEST_CASE("discovery tells kinds with their versions, scope and plural") {
  const auto world = each_world();
  const auto kinds =
      run_until_done(world->loop(), world->cluster().discover(Discovery::cached)).value();
  const auto find = [&](const GroupKind& group_kind) {
    return *std::ranges::find(kinds, group_kind, &ServedKind::group_kind);
  };
  const ServedKind deployment = find({"apps", "Deployment"});
  REQUIRE(deployment.plural == "deployments");
  REQUIRE(deployment.versions == std::vector<std::string>{"v1"});
  REQUIRE(deployment.scope == Scope::namespaced);
  REQUIRE(find({"", "Namespace"}).scope == Scope::cluster);
  REQUIRE(find({"", "ConfigMap"}).can_list);
  REQUIRE(std::ranges::count(kinds, GroupKind{"autoscaling", "Scale"}, &ServedKind::group_kind) ==
          0);
}

TEST_CASE("a definition makes its kind served, and takes the objects with it") {
  const auto world = each_world();
  const std::string group = fmt::format("{}.example.org", world->space());
  const auto made = world->apply(yaml_value(fmt::format(R"(
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: canes.{0}}}
spec:
  group: {0}
  scope: Cluster
  names: {{kind: Cane, plural: canes, singular: cane, listKind: CaneList}}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {{openAPIV3Schema: {{type: object, x-kubernetes-preserve-unknown-fields: true}}}}
)",
                                                        group)));
  REQUIRE(made);
  const Value cane = yaml_value(fmt::format(
      "{{apiVersion: {}/v1, kind: Cane, metadata: {{name: first}}, spec: {{colour: red}}}}",
      group));
  REQUIRE(world->becomes_true([&] { return world->apply(cane).has_value(); }));
  REQUIRE(world->look_at({group, "Cane", "", "first"}));
  REQUIRE(world->get({group, "Cane", "", "first"})->text_at("spec", "colour") == "red");

  const ResourceId definition{"apiextensions.k8s.io", "CustomResourceDefinition", "",
                              "canes." + group};
  REQUIRE(world->remove({.id = definition, .version = {}, .uid = made->live.uid}));
  REQUIRE(
      world->becomes_true([&] { return world->list({.group_kind = {group, "Cane"}}).empty(); }));
  REQUIRE(world->becomes_true([&] {
    const auto refused = world->apply(cane);
    return !refused && refused.error().message.find("no matches for kind") != std::string::npos;
  }));
}
