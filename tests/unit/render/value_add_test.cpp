// SPDX-License-Identifier: Apache-2.0
#include "render/value_add.hpp"

#include "document/yaml_writer.hpp"
#include "support/drafts.hpp"
#include "support/memory_remotes.hpp"
#include "support/memory_tree.hpp"
#include "support/print.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {
namespace {

constexpr std::string_view head = "apiVersion: example.org/v1\nkind: Lamp\nmetadata:\n  name: a\n";

// What stands below the head after "NEW" or `value` went to `path`.
std::string added(std::string_view rest, std::string path, std::int64_t position = 0,
                  const std::string& value = "NEW") {
  Draft draft = yaml_draft(std::string(head).append(rest));
  const ValueTarget target{
      .selector = {}, .field_path = std::move(path), .path_position = position, .file = "add.yaml"};
  const Result<void> done = add_value(draft, target, value);
  if (!done) {
    CHECK(done.error().kind == ErrorKind::invalid);
    return done.error().message;
  }
  return write_yaml(draft.object).substr(head.size());
}

Result<ValueAddRule> read(std::string_view text, std::string_view folder = "area",
                          std::map<std::string, std::string> files = {}) {
  const auto tree = make_memory_tree({.files = std::move(files), .links = {}, .submodules = {}});
  LoadLimits limits;
  MemoryRemotes remotes;
  const FileLoader loader(*tree, RelativePath::parse(folder).value(), LoadRestrictor::root_only,
                          limits, remotes);
  return read_value_add(yaml_value(text), FieldReader("add.yaml", UnknownFields::ignored), loader);
}

TEST_CASE("a value takes the place of what is in the field") {
  CHECK(added("spec:\n  a: old\n", "spec/a") == "spec:\n  a: NEW\n");
  CHECK(added("spec:\n  example.org/a: old\n", "spec/example.org\\/a") ==
        "spec:\n  example.org/a: NEW\n");
}

TEST_CASE("what is missing on the way to the field is made") {
  CHECK(added("", "spec/a/b") == "spec:\n  a:\n    b: NEW\n");
  CHECK(added("", "spec/[name=web]/image") == "spec:\n- name: web\n  image: NEW\n");
  CHECK(added("spec:\n- a\n", "spec/[=b]") == "spec:\n- a\n- NEW\n");
}

TEST_CASE("items of lists are found by a field, by their text, by number and as the last") {
  constexpr std::string_view list = "spec:\n- name: a\n  b: 1\n- name: web\n  b: 2\n";
  CHECK(added(list, "spec/[name=web]/b") == "spec:\n- name: a\n  b: 1\n- name: web\n  b: NEW\n");
  CHECK(added(list, "spec/0/b") == "spec:\n- name: a\n  b: NEW\n- name: web\n  b: 2\n");
  CHECK(added(list, "spec/-/b") == "spec:\n- name: a\n  b: 1\n- name: web\n  b: NEW\n");
  CHECK(added("spec:\n- x\n- y\n", "spec/[=y]") == "spec:\n- x\n- NEW\n");
}

TEST_CASE("an item that is not there is left out") {
  CHECK(added("spec:\n- x\n", "spec/5") == "spec:\n- x\n");
  CHECK(added("spec: []\n", "spec/-") == "spec: []\n");
  CHECK(added("spec: null\n", "spec/a/b") == "spec: null\n");
}

TEST_CASE("a value becomes one component of the path that is in the field") {
  CHECK(added("spec:\n  a: projects/data\n", "spec/a", 2) == "spec:\n  a: projects/NEW/data\n");
  CHECK(added("spec:\n  a: /data\n", "spec/a", 1) == "spec:\n  a: /NEW/data\n");
  CHECK(added("spec:\n  a: data\n", "spec/a", 99) == "spec:\n  a: data/NEW\n");
}

TEST_CASE("a value that looks like a number is one where nothing was quoted") {
  CHECK(added("spec:\n  a: old\n", "spec/a", 0, "80") == "spec:\n  a: 80\n");
  CHECK(added("spec:\n  a: \"1\"\n", "spec/a", 0, "80") == "spec:\n  a: \"80\"\n");
  CHECK(added("", "metadata/annotations/a", 0, "80") == "  annotations:\n    a: \"80\"\n");
}

TEST_CASE("the namespace is set as by the transformer for it") {
  CHECK(added("", "metadata/namespace") == "  namespace: NEW\n");
  Draft draft = yaml_draft("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n");
  REQUIRE(add_value(draft, {.selector = {}, .field_path = "metadata/namespace"}, "x").has_value());
  CHECK(draft.id.namespace_name.empty());
}

TEST_CASE("a draft whose name is written is called by it") {
  Draft draft = yaml_draft(head);
  REQUIRE(add_value(draft, {.selector = {}, .field_path = "metadata/name"}, "b").has_value());
  CHECK(draft.id.name == "b");
}

TEST_CASE("a path that does not fit the object is refused") {
  for (const std::string_view path :
       {"spec", "spec/a/b", "spec/list", "spec/a/[name=x]", "spec/list/x", "spec/list/-1", "spec/*",
        "spec/list/[x]", "/"}) {
    const std::string message = added("spec:\n  a: old\n  list:\n  - x\n", std::string(path));
    INFO(path);
    CHECK(message.starts_with("test.yaml:1: Lamp/a: field "));
  }
}

TEST_CASE("a rule has a value and targets") {
  const ValueAddRule rule = read(
                                "value: ' x '\nunknown: 1\ntargets:\n"
                                "- selector: {kind: Pod}\n  fieldPath: a\n  filePathPosition: 2\n"
                                "- fieldPath: b\n")
                                .value();
  CHECK(rule.value == "x");
  REQUIRE(rule.targets.size() == 2);
  CHECK(rule.targets[0] == ValueTarget{.selector = Value(Object{{"kind", "Pod"}}),
                                       .field_path = "a",
                                       .path_position = 2,
                                       .file = "add.yaml"});
  CHECK_FALSE(rule.targets[1].selector.has_value());
}

TEST_CASE("a rule without value takes the folder's name, which the root does not have") {
  CHECK(read("targets: [{fieldPath: a}]", "apps/area").value().value == "area");
  CHECK_FALSE(read("targets: [{fieldPath: a}]", "").has_value());
}

TEST_CASE("targets of a file come behind those of the rule") {
  const ValueAddRule rule = read("targets: [{fieldPath: a}]\ntargetFilePath: more.yaml\n", "area",
                                 {{"area/more.yaml", "targets:\n- fieldPath: b\n"}})
                                .value();
  REQUIRE(rule.targets.size() == 2);
  CHECK(rule.targets[1].field_path == "b");
  CHECK(rule.targets[1].file == "area/more.yaml");
}

TEST_CASE("a rule without targets, or with a wrong one, is refused") {
  CHECK_FALSE(read("value: x").has_value());
  CHECK_FALSE(read("targets: [{}]").has_value());
  CHECK_FALSE(read("targets: [{fieldPath: a, filePathPosition: -1}]").has_value());
  CHECK_FALSE(read("targetFilePath: missing.yaml").has_value());
}

}  // namespace
}  // namespace primocane
