// SPDX-License-Identifier: Apache-2.0
#include "resource/applyset.hpp"

#include "document/json.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <string>
#include <string_view>

namespace primocane {

namespace {

const KustomizationName apps{"flux-system", "apps"};

Parent full_parent() {
  Parent parent;
  parent.kustomization = apps;
  parent.id = applyset_id(apps);
  parent.group_kinds = {{"", "ConfigMap"}, {"apps", "Deployment"}, {"", "Secret"}};
  parent.namespaces = {"media", "home"};
  parent.revision = "main@sha1:4b825dc642cb6eb9a060e54bf8d69288fbee4904";
  parent.rendering = fingerprint("rendering");
  parent.prune_marks = {{{"", "PersistentVolumeClaim", "home", "db"}, PruneMark::allowed},
                        {{"", "Namespace", "", "home"}, PruneMark::disabled}};
  parent.jobs = {{{"batch", "Job", "home", "migrate"}, fingerprint("job")}};
  return parent;
}

// The parent's ConfigMap with the text `from` replaced in its JSON.
Value changed(std::string_view from, std::string_view to) {
  std::string json = write_json(write_parent(full_parent()));
  json.replace(json.find(from), from.size(), to);
  return read_json(json, "parent").value();
}

}  // namespace

TEST_CASE("a pause is kept in the parent, and one that nobody can read has no end") {
  Parent parent = full_parent();
  for (const Pause& pause :
       {Pause{}, Pause{.until = WallTime(std::chrono::seconds(1'800'000'000))}}) {
    parent.pause = pause;
    CHECK(read_parent(write_parent(parent)) == parent);
  }
  CHECK(write_pause({}) == "further-notice");
  CHECK(write_pause(*parent.pause) == "2027-01-15T08:00:00Z");
  for (const std::string_view text : {"", "tomorrow", "9999-01-01T00:00:00Z", "2027-01-15"}) {
    CHECK(read_pause(text) == Pause{});
  }
  CHECK(read_pause("2027-01-15T09:00:00+01:00") == *parent.pause);
}

TEST_CASE("a parent is named after namespace and name of its Kustomization") {
  CHECK(parent_name(apps) == "flux-system.apps");
}

TEST_CASE("a parent's name that would be too long is cut and ends with a hash") {
  const std::string fits(248, 'a');
  CHECK(parent_name({"home", fits}) == fmt::format("home.{}", fits));
  const std::string name = parent_name({"home", std::string(250, 'a')});
  CHECK(name.size() == 253);
  CHECK(name == fmt::format("home.{}-1dbe56eddf2ee162", std::string(231, 'a')));
  CHECK(name != parent_name({"home", std::string(249, 'a') + "b"}));
}

TEST_CASE("the id of a set follows KEP-3659") {
  CHECK(applyset_id({"flux-system", "flux-system"}) ==
        "applyset-f-kuRnqvFm6kLOApNje4yL60BPtfExqBBXyxsbVa41M-v1");
  CHECK(applyset_id({"primocane-system", "root"}) ==
        "applyset-BFv4PFD-n04AMJqgAEQLMvZLi2TaFQlQ-5UYVs9-jtk-v1");
  CHECK(applyset_id(apps).size() == 55);
}

TEST_CASE("a parent says all in labels and annotations") {
  CHECK(write_parent(full_parent()) ==
        yaml_value(fmt::format(R"(
apiVersion: v1
kind: ConfigMap
metadata:
  name: flux-system.apps
  namespace: primocane-system
  labels:
    applyset.kubernetes.io/id: {}
  annotations:
    applyset.kubernetes.io/tooling: primocane/v1.0.0
    applyset.kubernetes.io/contains-group-kinds: ConfigMap,Deployment.apps,Secret
    applyset.kubernetes.io/additional-namespaces: home,media
    primocane.dev/kustomization: flux-system/apps
    primocane.dev/revision: main@sha1:4b825dc642cb6eb9a060e54bf8d69288fbee4904
    primocane.dev/rendering: {}
    primocane.dev/prune-marks: '{{"/Namespace//home":"disabled","/PersistentVolumeClaim/home/db":"allowed"}}'
    primocane.dev/jobs: '{{"batch/Job/home/migrate":"{}"}}'
)",
                               applyset_id(apps), to_string(fingerprint("rendering")),
                               to_string(fingerprint("job")))));
}

TEST_CASE("a parent is read back as it was written") {
  CHECK(read_parent(write_parent(full_parent())) == full_parent());
}

TEST_CASE("a parent without members says no more than it must") {
  Parent parent;
  parent.kustomization = apps;
  parent.id = applyset_id(apps);
  const Value config_map = write_parent(parent);
  CHECK(config_map.find("metadata", "annotations")->as_object()->size() == 3);
  CHECK(read_parent(config_map) == parent);
}

TEST_CASE("a parent with a name that had to be cut is read back") {
  Parent parent;
  parent.kustomization = {"home", std::string(252, 'a')};
  parent.id = applyset_id(parent.kustomization);
  CHECK(read_parent(write_parent(parent)) == parent);
}

TEST_CASE("a parent of an older or newer release is ours") {
  CHECK(read_parent(changed("primocane/v1.0.0", "primocane/v2.3.4")) == full_parent());
}

TEST_CASE("a parent of another tool is not ours") {
  CHECK_FALSE(read_parent(changed("primocane/v1.0.0", "kubectl/v1.34")).has_value());
  CHECK_FALSE(read_parent(changed("primocane/v1.0.0", "primocanes/v1")).has_value());
  CHECK_FALSE(read_parent(changed("primocane/v1.0.0", "")).has_value());
}

TEST_CASE("a parent whose id, name or namespace does not fit is not ours") {
  CHECK_FALSE(read_parent(changed(applyset_id(apps), "applyset-x-v1")).has_value());
  CHECK_FALSE(read_parent(changed("\"flux-system.apps\"", "\"flux-system.other\"")).has_value());
  CHECK_FALSE(read_parent(changed("\"primocane-system\"", "\"home\"")).has_value());
  CHECK_FALSE(read_parent(changed("flux-system/apps", "flux-system/other")).has_value());
  CHECK_FALSE(read_parent(changed("flux-system/apps", "apps")).has_value());
}

TEST_CASE("what is no parent at all is not ours") {
  CHECK_FALSE(read_parent(Value()).has_value());
  CHECK_FALSE(read_parent(yaml_value("{metadata: {name: a}}")).has_value());
}

TEST_CASE("damaged details of a parent are read as absent") {
  CHECK_FALSE(
      read_parent(changed(to_string(fingerprint("rendering")), "zz"))->rendering.has_value());
  CHECK(read_parent(changed(to_string(fingerprint("job")), "zz"))->jobs.empty());
  CHECK(read_parent(changed("{\\\"/Namespace", "[{\\\"/Namespace"))->prune_marks.empty());
  const auto parent = read_parent(changed("/Namespace//home", "Namespace/home"));
  REQUIRE(parent.has_value());
  CHECK(parent->prune_marks.size() == 1);
  CHECK(read_parent(changed("ConfigMap,Deployment.apps", ",ConfigMap,,Deployment.apps,"))
            ->group_kinds == full_parent().group_kinds);
  CHECK(read_parent(changed("ConfigMap,Deployment.apps", "ConfigMap,.,.apps,Deployment.apps"))
            ->group_kinds == full_parent().group_kinds);
}

TEST_CASE("marks about pruning and Jobs never make a parent larger than a server takes") {
  Parent parent = full_parent();
  for (int i = 0; i < 10'000; ++i) {
    parent.prune_marks.emplace(
        ResourceId{"", "ConfigMap", "home", fmt::format("config-map-number-{:05}", i)},
        PruneMark::disabled);
  }
  for (int i = 0; i < 10'000; ++i) {
    parent.jobs.emplace(ResourceId{"batch", "Job", "home", fmt::format("job-number-{:05}", i)},
                        fingerprint("job"));
  }
  const Value config_map = write_parent(parent);
  CHECK(write_json(config_map).size() < 250'000);
  CHECK(read_parent(config_map)->prune_marks.size() > 2'000);
  CHECK(read_parent(config_map)->jobs.size() > 500);
}

}  // namespace primocane
