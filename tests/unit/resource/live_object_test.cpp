// SPDX-License-Identifier: Apache-2.0
#include "resource/live_object.hpp"

#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>

namespace primocane {

namespace {

const GroupKind deployment{"apps", "Deployment"};

LiveObject live(std::string_view metadata) {
  Value object = Object{{"metadata", yaml_value(metadata)}};
  return read_live_object(object, deployment).value();
}

// An object with the entries of managedFields in `entries`.
LiveObject managed(std::string_view entries) {
  return live(fmt::format("{{name: a, uid: u, managedFields: {}}}", entries));
}

constexpr std::string_view our_entry = R"(
manager: primocane
operation: Apply
apiVersion: apps/v1
time: "2026-11-23T10:00:00Z"
fieldsType: FieldsV1
fieldsV1:
  f:metadata: {f:labels: {f:applyset.kubernetes.io/part-of: {}, f:app: {}}}
  f:spec: {f:replicas: {}}
)";

std::string ours_with(std::string_view from, std::string_view to) {
  std::string entry(our_entry);
  entry.replace(entry.find(from), from.size(), to);
  return entry;
}

LiveObject with_entry(std::string_view entry) {
  Value entries = Array{yaml_value(entry)};
  Value object = Object{{"metadata", Object{{"name", "a"}, {"uid", "u"}}}};
  object.as_object()->find("metadata")->as_object()->set("managedFields", entries);
  return read_live_object(object, deployment).value();
}

}  // namespace

TEST_CASE("a live object's identity comes from its metadata and the kind that was asked for") {
  const LiveObject object = live("{name: web, namespace: home, uid: u-1, resourceVersion: '17'}");
  CHECK(object.id == ResourceId{"apps", "Deployment", "home", "web"});
  CHECK(object.uid == "u-1");
  CHECK(object.resource_version == "17");
  CHECK(object.part_of.empty());
  CHECK_FALSE(object.entry.has_value());
  CHECK_FALSE(object.has_controller_owner);
  CHECK_FALSE(object.is_terminating);
  CHECK_FALSE(object.prune_disabled);
  CHECK_FALSE(object.foreign_owner.has_value());
  CHECK(object.last_manager.empty());
}

TEST_CASE("a live object without name or uid is refused") {
  for (const std::string_view metadata : {"{name: a}", "{uid: u}", "{name: 1, uid: u}", "[]"}) {
    Value object = Object{{"metadata", yaml_value(metadata)}};
    const auto result = read_live_object(object, deployment);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().kind == ErrorKind::invalid);
  }
  CHECK_FALSE(read_live_object(Value(), deployment).has_value());
}

TEST_CASE("our Apply entry gives its fields' hash, its time and whether the label is ours") {
  const LiveObject object = with_entry(our_entry);
  REQUIRE(object.entry.has_value());
  CHECK(object.entry->time == "2026-11-23T10:00:00Z");
  CHECK(object.entry->owns_part_of_label);
  CHECK(object.entry->fields == with_entry(our_entry).entry->fields);
}

TEST_CASE("the hash of our entry depends on the fields, not on their order") {
  const ApplyEntry entry = with_entry(our_entry).entry.value();
  CHECK(with_entry(ours_with("f:spec: {f:replicas: {}}", "f:spec: {}")).entry->fields !=
        entry.fields);
  CHECK(with_entry(ours_with("{f:applyset.kubernetes.io/part-of: {}, f:app: {}}",
                             "{f:app: {}, f:applyset.kubernetes.io/part-of: {}}"))
            .entry->fields == entry.fields);
  CHECK(with_entry(ours_with("10:00:00", "10:00:01")).entry->fields == entry.fields);
  CHECK(with_entry(ours_with("10:00:00", "10:00:01")).entry != entry);
}

TEST_CASE("entries of other managers, operations and subresources are not ours") {
  CHECK_FALSE(with_entry(ours_with("primocane", "kubectl")).entry.has_value());
  CHECK_FALSE(with_entry(ours_with("operation: Apply", "operation: Update")).entry.has_value());
  CHECK_FALSE(
      with_entry(ours_with("fieldsType", "subresource: status\nfieldsType")).entry.has_value());
}

TEST_CASE("an entry that does not own the label says so") {
  const auto object = with_entry(ours_with("f:applyset.kubernetes.io/part-of: {}, ", ""));
  REQUIRE(object.entry.has_value());
  CHECK_FALSE(object.entry->owns_part_of_label);
}

TEST_CASE("a member carries the label, our entry that owns it, and no controller") {
  LiveObject object = with_entry(our_entry);
  object.part_of = "applyset-x-v1";
  CHECK(is_member(object, Declared::no));
  CHECK(is_member(object, Declared::yes));
}

TEST_CASE("a label alone is a copy") {
  LiveObject object = managed("[]");
  object.part_of = "applyset-x-v1";
  CHECK_FALSE(is_member(object, Declared::no));
  CHECK_FALSE(is_member(object, Declared::yes));
}

TEST_CASE("our entry without the label is no membership") {
  CHECK_FALSE(is_member(with_entry(our_entry), Declared::yes));
}

TEST_CASE("our entry that does not own the label is no membership") {
  LiveObject object = with_entry(ours_with("f:applyset.kubernetes.io/part-of: {}, ", ""));
  object.part_of = "applyset-x-v1";
  CHECK_FALSE(is_member(object, Declared::yes));
}

TEST_CASE("an object of a controller is a member only if Git declares it") {
  LiveObject object = with_entry(our_entry);
  object.part_of = "applyset-x-v1";
  object.has_controller_owner = true;
  CHECK_FALSE(is_member(object, Declared::no));
  CHECK(is_member(object, Declared::yes));
}

TEST_CASE("an owner counts as a controller only when it says so") {
  CHECK(live("{name: a, uid: u, ownerReferences: [{controller: false}, {controller: true}]}")
            .has_controller_owner);
  CHECK_FALSE(live("{name: a, uid: u, ownerReferences: [{kind: X}, {controller: 'true'}]}")
                  .has_controller_owner);
}

TEST_CASE("that an object may be made anew is seen, as Flux writes it") {
  const Value marked = yaml_value(
      "{metadata: {name: a, uid: u, annotations: {kustomize.toolkit.fluxcd.io/force: enabled}}}");
  CHECK(read_live_object(marked, {"", "ConfigMap"})->is_forced);
  const Value plain = yaml_value(
      "{metadata: {name: a, uid: u, annotations: {kustomize.toolkit.fluxcd.io/force: 'no'}}}");
  CHECK_FALSE(read_live_object(plain, {"", "ConfigMap"})->is_forced);
}

TEST_CASE("the label, a deletion and a forbidden pruning are seen") {
  CHECK(live("{name: a, uid: u, labels: {applyset.kubernetes.io/part-of: s}}").part_of == "s");
  CHECK(live("{name: a, uid: u, deletionTimestamp: '2026-11-23T10:00:00Z'}").is_terminating);
  CHECK(live("{name: a, uid: u, annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}}")
            .prune_disabled);
}

TEST_CASE("what another tool says of an object names its owner") {
  struct Case {
    std::string_view metadata;
    std::string_view tool;
  };
  const auto example = GENERATE(
      Case{"labels: {app.kubernetes.io/managed-by: Helm}, annotations: "
           "{meta.helm.sh/release-name: web, meta.helm.sh/release-namespace: home}",
           "Helm release home/web"},
      Case{"annotations: {objectset.rio.cattle.io/owner-name: traefik}", "K3s object set traefik"},
      Case{"annotations: {argocd.argoproj.io/tracking-id: 'shop:apps/Deployment:home/web'}",
           "Argo CD application shop"},
      Case{"managedFields: [{manager: kustomize-controller, operation: Apply}]",
           "kustomize-controller"},
      Case{"managedFields: [{manager: helm-controller, operation: Update}]", "helm-controller"},
      Case{"managedFields: [{manager: x, operation: Apply}, "
           "{manager: argocd-controller, operation: Apply}]",
           "argocd-controller"});
  const LiveObject object = live(fmt::format("{{name: a, uid: u, {}}}", example.metadata));
  REQUIRE(object.foreign_owner.has_value());
  CHECK(object.foreign_owner->tool == example.tool);
}

TEST_CASE("marks that people and charts write too are no owner") {
  const std::string metadata = GENERATE(
      "labels: {app.kubernetes.io/managed-by: Helm}",
      "annotations: {meta.helm.sh/release-name: web}", "labels: {app.kubernetes.io/instance: web}",
      "labels: {kustomize.toolkit.fluxcd.io/name: apps, "
      "kustomize.toolkit.fluxcd.io/namespace: flux-system}",
      "managedFields: [{manager: kubectl-edit, operation: Update}]",
      "managedFields: [{manager: kustomize-controller, operation: Update, subresource: status}]");
  CHECK_FALSE(live(fmt::format("{{name: a, uid: u, {}}}", metadata)).foreign_owner.has_value());
}

TEST_CASE("the last manager is the newest that is neither ours nor writes a status") {
  CHECK(managed("[{manager: kubectl-edit, operation: Update, time: '2026-11-23T10:00:02Z'}, "
                "{manager: old, operation: Update, time: '2026-11-23T10:00:01Z'}, "
                "{manager: k3s, operation: Update, subresource: status, time: "
                "'2026-11-23T10:00:03Z'}, "
                "{manager: primocane, operation: Apply, time: '2026-11-23T10:00:04Z'}]")
            .last_manager == "kubectl-edit");
}

TEST_CASE("odd metadata is read as far as it goes") {
  const LiveObject object = live(
      "{name: a, uid: u, labels: [], annotations: 1, managedFields: {a: b}, ownerReferences: x}");
  CHECK(object.id.name == "a");
  CHECK_FALSE(object.entry.has_value());
}

}  // namespace primocane
