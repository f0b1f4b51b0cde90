// SPDX-License-Identifier: Apache-2.0
// The tables are kyaml's own (yaml/match_test.go), and what its code was seen to do.
#include "render/field_match.hpp"

#include "document/yaml_writer.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace primocane {
namespace {

constexpr std::string_view deployment =
    "metadata: {name: nginx-deployment}\n"
    "spec:\n"
    "  selector: {app: nginx}\n"
    "  nothing: null\n"
    "  containers:\n"
    "  - name: nginx\n"
    "    image: nginx:1.7.9\n"
    "    args: [-c, conf.yaml]\n"
    "    ports: [{containerPort: 80}]\n"
    "    env: [{key: NAME, value: nginx}]\n"
    "  - name: sidecar\n"
    "    image: sidecar:1.0.0\n"
    "    ports: [{containerPort: 8081}, {containerPort: 9090}]\n";

// The values found, as a YAML list on one line each; or the error.
std::string match(std::string_view path, MadeLeaf made = MadeLeaf::nothing,
                  std::string_view text = deployment) {
  Value object = yaml_value(text);
  const FieldPath parsed = FieldPath::parse(path);
  const auto found =
      match_fields(object, parsed.steps(), {.made = made, .printed = printed_element});
  if (!found) return "error: " + found.error().message;
  Array values;
  for (const Value* value : *found) values.push_back(*value);
  return write_yaml(values);
}

// The object after what is missing was made.
std::string made(std::string_view text, std::string_view path, MadeLeaf leaf) {
  Value object = yaml_value(text);
  const FieldPath parsed = FieldPath::parse(path);
  const auto found =
      match_fields(object, parsed.steps(), {.made = leaf, .printed = printed_element});
  return found ? write_yaml(object) : "error: " + found.error().message;
}

std::string look(std::string_view path, std::string_view text = deployment) {
  Value object = yaml_value(text);
  const FieldPath parsed = FieldPath::parse(path);
  const auto found = look_up(object, parsed.steps());
  if (!found) return "error: " + found.error().message;
  return *found == nullptr ? "nothing" : write_yaml(**found);
}

bool is_error(const std::string& result) { return result.starts_with("error: "); }

TEST_CASE("elements are found by regular expressions in their texts") {
  const auto images = [](std::string_view element) {
    return match("spec.containers." + std::string(element) + ".image");
  };
  CHECK(images("[name=.*]") == "- nginx:1.7.9\n- sidecar:1.0.0\n");
  CHECK(images("[name=n.*]") == "- nginx:1.7.9\n");
  CHECK(images("[name=s.*]") == "- sidecar:1.0.0\n");
  CHECK(images("[name=.*x]") == "- nginx:1.7.9\n");
  CHECK(images("[name=ngin]") == "- nginx:1.7.9\n");
  CHECK(images("[name=^ngin$]") == "[]\n");
  CHECK(images("*") == "- nginx:1.7.9\n- sidecar:1.0.0\n");
  CHECK(match("spec.containers.[name=.*].ports.[containerPort=8.*]") ==
        "- containerPort: 80\n- containerPort: 8081\n");
  CHECK(match("spec.containers.[name=.*].ports.[containerPort=.*1]") == "- containerPort: 8081\n");
  CHECK(match("spec.containers.*.ports.*") ==
        "- containerPort: 80\n- containerPort: 8081\n- containerPort: 9090\n");
  CHECK(match("spec.containers.[name=nginx].args.1") == "- conf.yaml\n");
  CHECK(match("spec.containers.[name=nginx].args.[=conf]") == "- conf.yaml\n");
}

TEST_CASE("numbers and words are matched as kustomize prints them") {
  constexpr std::string_view list = "l: [{v: \"80\"}, {v: 80}, {v: yes}, {v: 1.10}]\n";
  CHECK(match("l.[v=^80$]", MadeLeaf::nothing, list) == "- v: 80\n");
  CHECK(match("l.[v=^\"80\"$]", MadeLeaf::nothing, list) == "- v: \"80\"\n");
  CHECK(match("l.[v=^yes$]", MadeLeaf::nothing, list) == "- v: \"yes\"\n");
  CHECK(match("l.[v=^1\\.10$]", MadeLeaf::nothing, list) == "- v: 1.1\n");
}

TEST_CASE("what is missing is found nowhere, and what is of another kind is an error") {
  CHECK(match("spec.nope") == "[]\n");
  CHECK(match("spec.nothing.a") == "[]\n");
  CHECK(match("spec.containers.[name=zz].image") == "[]\n");
  CHECK(is_error(match("spec.containers.name")));
  CHECK(is_error(match("spec.containers.2")));
  CHECK(is_error(match("spec.*")));
  CHECK(is_error(match("spec.containers.[name]")));
  CHECK(is_error(match("spec.containers.[name=(]")));
  CHECK(is_error(match("metadata.name.a")));
  CHECK(is_error(match("spec..containers")));
}

TEST_CASE("what is missing is made where that is asked for") {
  CHECK(made("a: 1\n", "b.c", MadeLeaf::scalar) == "a: 1\nb:\n  c: null\n");
  CHECK(made("a: 1\n", "b", MadeLeaf::mapping) == "a: 1\nb: {}\n");
  CHECK(made("a: 1\n", "b.0", MadeLeaf::list) == "a: 1\nb:\n- []\n");
  CHECK(made("l: [x]\n", "l.1", MadeLeaf::scalar) == "l:\n- x\n- null\n");
  CHECK(made("l: []\n", "l.[name=new].env.[key=k].value", MadeLeaf::scalar) ==
        "l:\n- name: new\n  env:\n  - key: k\n    value: null\n");
  CHECK(made("a: 1\n", "l.[=new]", MadeLeaf::scalar) == "a: 1\nl:\n- new\n");
  CHECK(made("l: []\n", "l.[port=80].name", MadeLeaf::scalar) == "l:\n- port: 80\n  name: null\n");
  CHECK(made("l: [{a: 1}, {a: 2, b: 3}]\n", "l.*.b", MadeLeaf::scalar) ==
        "l:\n- a: 1\n  b: null\n- a: 2\n  b: 3\n");
  // kyaml cannot tell a pattern from a text either.
  CHECK(made("l: []\n", "l.[foo=.*].env", MadeLeaf::list) == "l:\n- foo: .*\n  env: []\n");
}

TEST_CASE("nothing is made where it would be no part of the object, or of no use") {
  CHECK(is_error(made("l: []\n", "l.1", MadeLeaf::scalar)));
  CHECK(is_error(made("a: null\n", "a.b", MadeLeaf::scalar)));
  CHECK(is_error(made("a:\n", "a.b", MadeLeaf::scalar)));
  CHECK(is_error(made("a: {}\n", "a.-1", MadeLeaf::scalar)));
  CHECK(is_error(made("a: {}\n", "a.true", MadeLeaf::scalar)));
  CHECK(is_error(made("l: []\n", "l.[name=^x$].a", MadeLeaf::scalar)));
  std::string path = "a";
  for (int step = 0; step < 200; ++step) path += ".a";
  CHECK(is_error(made("x: 1\n", path, MadeLeaf::scalar)));
}

TEST_CASE("a look-up finds one value, by texts and by indices from both ends") {
  CHECK(look("spec.containers.[name=sidecar].image") == "sidecar:1.0.0\n");
  CHECK(look("spec.containers.[name=side].image") == "nothing");
  CHECK(look("spec.containers.-.name") == "sidecar\n");
  CHECK(look("spec.containers.1.ports.[containerPort=9090]") == "containerPort: 9090\n");
  CHECK(look("spec.containers.5") == "nothing");
  CHECK(look("spec. containers . 0 .name") == "nginx\n");
  CHECK(look("l.[=b]", "l: [a, b]\n") == "b\n");
  CHECK(look("l.-", "l: []\n") == "nothing");
  CHECK(look("spec.nothing.a") == "nothing");
  CHECK(is_error(look("spec.containers.*")));
  CHECK(is_error(look("spec.containers.-1")));
  CHECK(is_error(look("metadata.0")));
}

}  // namespace
}  // namespace primocane
