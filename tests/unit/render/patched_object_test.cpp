// SPDX-License-Identifier: Apache-2.0
#include "render/patched_object.hpp"

#include "document/json.hpp"
#include "support/json_lines.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace primocane;

namespace {

// The object as kustomize's patch makes it, or the message of the error.
std::string patched(std::string_view object, std::string_view patch,
                    HiddenAnnotations hidden = HiddenAnnotations::present) {
  Value value = yaml_value(object);
  const auto read = read_json_patch(patch, "patch.yaml");
  if (!read) return read.error().message;
  const auto done = patch_object(value, *read, hidden);
  return done ? write_canonical_json(value) : done.error().message;
}

}  // namespace

TEST_CASE("a patched object is the one that kustomize makes") {
  std::size_t compared = 0;
  for (const Value& row : json_lines(PRIMOCANE_SOURCE_DIR "/tests/oracle/json_patch/cases.jsonl")) {
    CAPTURE(write_json(row));
    const std::string_view outcome = row.text_at("outcome");
    const bool is_hidden =
        row.find("hidden")->as_bool() != nullptr && *row.find("hidden")->as_bool();
    Value object = yaml_value(write_json(*row.find("object")));
    const auto patch = read_json_patch(row.text_at("patch"), "patch");
    const auto done =
        patch ? patch_object(object, *patch,
                             is_hidden ? HiddenAnnotations::present : HiddenAnnotations::none)
              : std::unexpected(patch.error());
    if (outcome == "odd" || outcome == "crash") continue;
    ++compared;
    CAPTURE(done ? "" : done.error().message);
    if (!done) CHECK(done.error().kind == ErrorKind::invalid);
    REQUIRE(done.has_value() == (outcome == "patched"));
    if (done) REQUIRE(write_canonical_json(object) == write_canonical_json(*row.find("result")));
  }
  CHECK(compared > 80);
}

TEST_CASE(
    "an annotation can be added to an object without any where kustomize has some of its own") {
  const char* const object = "{metadata: {name: a}}";
  const char* const patch = "- {op: add, path: /metadata/annotations/b, value: c}";
  CHECK(patched(object, patch) == R"({"metadata":{"annotations":{"b":"c"},"name":"a"}})");
  CHECK(patched(object, patch, HiddenAnnotations::none) ==
        "patch.yaml:1: operation 1 (add /metadata/annotations/b): there is no mapping or list "
        "\"annotations\" on the way of \"path\"");
  CHECK(patched(object, "- {op: add, path: /x, value: 1}") == R"({"metadata":{"name":"a"},"x":1})");
}

TEST_CASE("annotations that a patch sets become strings") {
  CHECK(
      patched(
          "{metadata: {name: a}}",
          "- {op: add, path: /metadata/annotations, value: {a: 1234567, b: on, c: ~, d: [1]}}") ==
      R"({"metadata":{"annotations":{"a":"1.234567e+06","b":"true","c":"null","d":""},"name":"a"}})");
}

TEST_CASE("a JSON patch rounds all numbers of the object to doubles") {
  CHECK(patched("{metadata: {name: a}, b: 9007199254740993, c: 3}",
                "[{\"op\": \"add\", \"path\": \"/d\", \"value\": 1.0}]") ==
        R"({"b":9007199254740992,"c":3,"d":1,"metadata":{"name":"a"}})");
  CHECK(
      patched("{metadata: {name: a}}", "[{\"op\": \"add\", \"path\": \"/d\", \"value\": 1e999}]") ==
      "patch.yaml: the number 1e999 is too big");
}

TEST_CASE("a JSON patch that leaves no object is refused") {
  CHECK(patched("{metadata: {name: a}}", "- {op: replace, path: '', value: [1]}") ==
        "patch.yaml: the patch makes a list of the object");
  CHECK(patched("{metadata: {name: a}}", "- {op: replace, path: /metadata, value: x}") ==
        "patch.yaml: the patch makes metadata a string");
  CHECK(patched("{metadata: {name: a}, kind: A}", "- {op: replace, path: '', value: {kind: B}}") ==
        R"({"kind":"B","metadata":{}})");
}
