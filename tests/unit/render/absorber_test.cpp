// SPDX-License-Identifier: Apache-2.0
#include "render/absorber.hpp"

#include "render/name_affixes.hpp"
#include "support/drafts.hpp"
#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {
namespace {

// A ConfigMap called `name`, as a generator makes it.
Draft generated(GeneratorBehavior behavior, std::string_view rest, std::string_view name = "a") {
  Draft draft =
      yaml_draft("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + std::string(name) + "\n" +
                 std::string(rest));
  draft.origin = {.path = "kustomization.yaml", .line = 3};
  draft.behavior = behavior;
  draft.needs_hash = true;
  return draft;
}

Result<void> absorb(std::vector<Draft>& drafts, Draft draft) {
  return Absorber(drafts).absorb(std::move(draft));
}

// What becomes of `old` when a generator makes `rest` for a ConfigMap of its name.
std::string absorbed(std::string_view old, GeneratorBehavior behavior, std::string_view rest) {
  std::vector<Draft> drafts = yaml_drafts(old);
  const auto done = absorb(drafts, generated(behavior, rest));
  return done ? printed(drafts) : done.error().message;
}

constexpr std::string_view old_map =
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels: {x: old, y: old}\n"
    "  finalizers: [f]\ndata: {x: old, y: old}\nbinaryData: {b: AA==}\n";

TEST_CASE("a generated object that is not there joins the others at the end") {
  std::vector<Draft> drafts = yaml_drafts(old_map);
  Absorber absorber(drafts);
  CHECK(absorber.absorb(generated(GeneratorBehavior::unspecified, "", "b")).has_value());
  CHECK(absorber.absorb(generated(GeneratorBehavior::create, "", "c")).has_value());
  REQUIRE(drafts.size() == 3);
  CHECK(drafts[1].id.name == "b");
  CHECK(drafts[2].id.name == "c");
}

TEST_CASE("replace keeps name, labels and annotations of the old object and nothing else") {
  CHECK(absorbed(old_map, GeneratorBehavior::replace,
                 "  labels: {y: new, z: new}\n  annotations: {q: new}\ndata: {y: new}\n") ==
        "apiVersion: v1\ndata:\n  \"y\": new\nkind: ConfigMap\nmetadata:\n  annotations:\n"
        "    q: new\n  labels:\n    x: old\n    \"y\": new\n    z: new\n  name: a\n");
}

TEST_CASE("merge keeps the old data that the generator does not make anew") {
  CHECK(absorbed(old_map, GeneratorBehavior::merge, "data: {y: new, z: new}\n") ==
        "apiVersion: v1\nbinaryData:\n  b: AA==\ndata:\n  x: old\n  \"y\": new\n  z: new\n"
        "kind: ConfigMap\nmetadata:\n  labels:\n    x: old\n    \"y\": old\n  name: a\n");
}

TEST_CASE("merged data are texts") {
  CHECK(absorbed("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
                 "data: {x: true, y: null, z: {a: b}}\n",
                 GeneratorBehavior::merge, "data: {q: new}\n") ==
        "apiVersion: v1\ndata:\n  q: new\n  x: \"true\"\n  \"y\": \"\"\n  z: \"\"\n"
        "kind: ConfigMap\nmetadata:\n  name: a\n");
}

TEST_CASE("a number among the old data is merged as the text that it was written with") {
  CHECK(absorbed("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
                 "data: {version: 1.10, port: 80}\n",
                 GeneratorBehavior::merge, "data: {q: new}\n") ==
        "apiVersion: v1\ndata:\n  port: \"80\"\n  q: new\n  version: \"1.10\"\n"
        "kind: ConfigMap\nmetadata:\n  name: a\n");
  const std::string message =
      absorbed("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata: {version: 1e1}\n",
               GeneratorBehavior::merge, "data: {q: new}\n");
  CHECK(message.starts_with("test.yaml:1: "));
  CHECK(message.find("data.version") != std::string::npos);
}

TEST_CASE("data of which nothing is left are no data") {
  CHECK(absorbed("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n",
                 GeneratorBehavior::merge,
                 "data: {}\n") == "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n");
}

TEST_CASE("a name gets a hash if old and new object want one") {
  std::vector<Draft> drafts = yaml_drafts(old_map);
  REQUIRE(absorb(drafts, generated(GeneratorBehavior::merge, "")).has_value());
  CHECK_FALSE(drafts[0].needs_hash);

  drafts = {generated(GeneratorBehavior::create, "")};
  REQUIRE(absorb(drafts, generated(GeneratorBehavior::merge, "")).has_value());
  CHECK(drafts[0].needs_hash);
  CHECK(drafts[0].behavior == GeneratorBehavior::create);

  Draft plain = generated(GeneratorBehavior::merge, "");
  plain.needs_hash = false;
  REQUIRE(absorb(drafts, std::move(plain)).has_value());
  CHECK_FALSE(drafts[0].needs_hash);
}

TEST_CASE("an object is found by the names it had, and keeps those it has") {
  std::vector<Draft> drafts = yaml_drafts(old_map);
  REQUIRE(add_name_prefix(drafts, "p-",
                          {{.group = {}, .version = {}, .kind = {}, .path = "metadata/name"}})
              .has_value());
  REQUIRE(absorb(drafts, generated(GeneratorBehavior::merge, "")).has_value());
  CHECK(drafts[0].id.name == "p-a");
  CHECK(drafts[0].previous.size() == 1);
  CHECK(drafts[0].prefixes == std::vector<std::string>{"p-"});
  REQUIRE(absorb(drafts, generated(GeneratorBehavior::replace, "", "p-a")).has_value());
  CHECK(drafts.size() == 1);
}

TEST_CASE("an object without namespace and one in default are the same") {
  std::vector<Draft> drafts = yaml_drafts(old_map);
  Draft draft = generated(GeneratorBehavior::replace, "");
  metadata_of(draft).set("namespace", "default");
  read_id(draft);
  REQUIRE(absorb(drafts, std::move(draft)).has_value());
  CHECK(drafts[0].id.namespace_name.empty());
}

TEST_CASE("merge and replace need an object that is there") {
  for (const GeneratorBehavior behavior : {GeneratorBehavior::merge, GeneratorBehavior::replace}) {
    std::vector<Draft> drafts;
    const auto done = absorb(drafts, generated(behavior, ""));
    REQUIRE_FALSE(done.has_value());
    CHECK(done.error().kind == ErrorKind::invalid);
    CHECK(done.error().message.starts_with("kustomization.yaml:3: ConfigMap/a: "));
  }
}

TEST_CASE("an object that is there is not made again") {
  for (const GeneratorBehavior behavior :
       {GeneratorBehavior::unspecified, GeneratorBehavior::create}) {
    const std::string message = absorbed(old_map, behavior, "");
    CHECK(message.starts_with("kustomization.yaml:3: ConfigMap/a: "));
    CHECK(message.find("test.yaml:1") != std::string::npos);
  }
}

TEST_CASE("an object that two could take the place of is refused") {
  std::vector<Draft> drafts = yaml_drafts(
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n---\n"
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\n");
  drafts[1].previous.push_back({.kind = "ConfigMap", .namespace_name = "default", .name = "a"});
  const auto done = absorb(drafts, generated(GeneratorBehavior::merge, ""));
  REQUIRE_FALSE(done.has_value());
  CHECK(done.error().message.find("2 objects") != std::string::npos);
}

TEST_CASE("an object that became another kind is not replaced") {
  std::vector<Draft> drafts = yaml_drafts("apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n");
  drafts[0].previous.push_back({.kind = "ConfigMap", .namespace_name = "default", .name = "a"});
  CHECK_FALSE(absorb(drafts, generated(GeneratorBehavior::replace, "")).has_value());
}

TEST_CASE("a merged object comes from where the old one came, a replaced one does not") {
  constexpr std::string_view with_origin =
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
      "  annotations: {config.kubernetes.io/origin: old}\n";
  constexpr std::string_view new_origin = "  annotations: {config.kubernetes.io/origin: new}\n";
  CHECK(absorbed(with_origin, GeneratorBehavior::merge, new_origin).find("origin: old") !=
        std::string::npos);
  CHECK(absorbed(with_origin, GeneratorBehavior::replace, new_origin).find("origin: new") !=
        std::string::npos);
}

}  // namespace
}  // namespace primocane
