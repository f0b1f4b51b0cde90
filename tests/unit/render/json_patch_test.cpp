// SPDX-License-Identifier: Apache-2.0
#include "render/json_patch.hpp"

#include "document/json.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace primocane;

namespace {

// The document as the patch makes it, or the message of the error.
std::string applied(std::string_view document, std::string_view patch,
                    const DocumentLimits& limits = {}) {
  Value value = yaml_value(document);
  const auto read = read_json_patch(patch, "p.yaml", limits);
  if (!read) return read.error().message;
  const auto done = apply_json_patch(value, *read, limits);
  if (!done) CHECK(done.error().kind == ErrorKind::invalid);
  return done ? write_canonical_json(value) : done.error().message;
}

std::string copies(int count) {
  std::string patch;
  for (int i = 0; i < count; ++i) {
    patch += "- {op: copy, from: /a, path: /a/b" + std::to_string(i) + "}\n";
  }
  return patch;
}

}  // namespace

TEST_CASE("each operation does what RFC 6902 says") {
  CHECK(applied("{a: 1}", "- {op: add, path: /b, value: {c: 2}}") == R"({"a":1,"b":{"c":2}})");
  CHECK(applied("{a: [1, 3]}", "- {op: add, path: /a/1, value: 2}") == R"({"a":[1,2,3]})");
  CHECK(applied("{a: [1]}", "- {op: add, path: /a/-, value: 2}") == R"({"a":[1,2]})");
  CHECK(applied("{a: 1, b: 2}", "- {op: remove, path: /a}") == R"({"b":2})");
  CHECK(applied("{a: [1, 2]}", "- {op: remove, path: /a/0}") == R"({"a":[2]})");
  CHECK(applied("{a: [1, 2]}", "- {op: replace, path: /a/1, value: 3}") == R"({"a":[1,3]})");
  CHECK(applied("{a: {b: 1}}", "- {op: move, from: /a/b, path: /c}") == R"({"a":{},"c":1})");
  CHECK(applied("{a: {b: 1}}", "- {op: copy, from: /a, path: /c}") ==
        R"({"a":{"b":1},"c":{"b":1}})");
  CHECK(applied("{a: [1, {b: x}]}", "- {op: test, path: /a, value: [1, {b: x}]}") ==
        R"({"a":[1,{"b":"x"}]})");
  CHECK(applied("{a~b: {c/d: 1}}", "- {op: remove, path: /a~0b/c~1d}") == R"({"a~b":{}})");
}

TEST_CASE("what evanphx allows beyond RFC 6902 is allowed") {
  CHECK(applied("{a: [1, 2]}", "- {op: remove, path: /a/-1}") == R"({"a":[1]})");
  CHECK(applied("{a: [1, 2]}", "- {op: add, path: /a/-1, value: 3}") == R"({"a":[1,2,3]})");
  CHECK(applied("{a: [1, 2]}", "- {op: remove, path: /a/+01}") == R"({"a":[1]})");
  CHECK(applied("{a: 1}", "- {op: replace, path: /b, value: 2}") == R"({"a":1,"b":2})");
  CHECK(applied("{a: 1}", "- {op: add, path: /b}") == R"({"a":1,"b":null})");
  CHECK(applied("{a: 1}", "- {op: copy, from: /c, path: /b}") == R"({"a":1,"b":null})");
  CHECK(applied("{a: 1}", "- {op: test, path: /b}") == R"({"a":1})");
  CHECK(applied("{a: 1}", "- {op: add, path: ignored/b, value: 2, note: x}") == R"({"a":1,"b":2})");
  CHECK(applied("{a: 1}", "- {op: add, path: /~2~, value: 2}") == R"({"a":1,"~2~":2})");
  CHECK(applied("{a: 1}", "- {op: replace, path: '', value: {b: 2}}") == R"({"b":2})");
}

TEST_CASE("an operation that does not apply is named with what is wrong") {
  const auto fault = [](std::string_view operation) {
    return applied("{a: {b: [1]}, c: x}",
                   "- {op: test, path: /c, value: x}\n- " + std::string(operation));
  };
  CHECK(
      fault("{op: add, path: /x/y, value: 1}") ==
      "p.yaml:2: operation 2 (add /x/y): there is no mapping or list \"x\" on the way of \"path\"");
  CHECK(fault("{op: add, path: /a/b/2, value: 1}") ==
        "p.yaml:2: operation 2 (add /a/b/2): \"2\" is no position in a list of 1");
  CHECK(fault("{op: remove, path: /x}") ==
        "p.yaml:2: operation 2 (remove /x): there is nothing to remove");
  CHECK(fault("{op: replace, path: /a/b/-, value: 1}") ==
        "p.yaml:2: operation 2 (replace /a/b/-): \"-\" is no position in a list of 1");
  CHECK(fault("{op: test, path: /c, value: secret}") ==
        "p.yaml:2: operation 2 (test /c): the value there is another");
  CHECK(fault("{op: move, from: /x, path: /y}") ==
        "p.yaml:2: operation 2 (move /y): there is nothing to move");
  CHECK(fault("{op: move, from: /a, path: /a/c}") ==
        "p.yaml:2: operation 2 (move /a/c): there is no mapping or list \"a\" on the way of "
        "\"path\"");
  CHECK(fault("{op: copy, path: /y}") ==
        "p.yaml:2: operation 2 (copy /y): it needs a \"from\" that is a string");
  CHECK(fault("{op: add, path: c}") ==
        "p.yaml:2: operation 2 (add c): \"path\" must be a path that begins with \"/\"");
  CHECK(fault("{op: Add, path: /x}") ==
        "p.yaml:2: operation 2 (Add /x): op must be add, remove, replace, move, copy or test");
  CHECK(
      fault("~") ==
      "p.yaml:2: operation 2 (no op without path): op must be add, remove, replace, move, copy or "
      "test");
}

TEST_CASE("only a mapping or list can be patched") {
  CHECK(applied("a", "- {op: add, path: /b, value: 1}") ==
        "p.yaml: only a mapping or list can be patched, not a string");
  CHECK(applied("[1]", "- {op: add, path: /0, value: 0}") == "[0,1]");
}

TEST_CASE("a patch is JSON if it begins with a bracket, else YAML") {
  CHECK(applied("{}", R"([{"op": "add", "path": "/a", "value": 1.0}])") == R"({"a":1.0})");
  CHECK(applied("{}", "[{op: add, path: /a, value: 1}]").starts_with("p.yaml:1: "));
  CHECK(applied("{}", "- {op: add, path: /a, value: off}") == R"({"a":false})");
  CHECK(applied("{}", "- {op: add, path: /a, value: 1}\n---\n- {op: add, path: /b, value: 1}\n") ==
        R"({"a":1})");
  CHECK(applied("{}", "# nothing\n") == "{}");
  CHECK(applied("{}", "a: b") ==
        "p.yaml:1: a JSON patch must be a list of operations, not a mapping");
  CHECK(applied("{}", "- a") ==
        "p.yaml:1: an operation of a JSON patch must be a mapping, not a string");
}

TEST_CASE("what is wrong with an operation does not matter until it is applied") {
  const auto patch = read_json_patch("- {op: nonsense}\n- {path: 1}\n", "p.yaml");
  REQUIRE(patch.has_value());
  CHECK(patch->operations.size() == 2);
}

TEST_CASE("values of a patch know no lines, which would be taken for lines of the object's file") {
  const auto patch = read_json_patch("\n\n- op: add\n  path: /a\n  value: {b: [1]}\n", "p.yaml");
  REQUIRE(patch.has_value());
  CHECK(patch->operations.at(0).line == 3);
  const Value& value = patch->operations.at(0).value;
  CHECK(value.line() == 0);
  CHECK(value.find("b")->as_array()->at(0).line() == 0);
}

TEST_CASE("a patch that doubles the document again and again ends in an error") {
  CHECK(applied("{a: {}}", copies(60)) ==
        "p.yaml:20: operation 20 (copy /a/b19): the patch copies more than 1000000 values or 16.0 "
        "MiB");
  DocumentLimits limits;
  limits.bytes = ByteCount(1000);
  CHECK(applied("{a: {long: " + std::string(600, 'x') + "}}", copies(2), limits)
            .starts_with("p.yaml:2: operation 2 (copy /a/b1): the patch copies more than"));
}

TEST_CASE("a patch does not nest deeper than a document may") {
  DocumentLimits limits;
  limits.depth = 5;
  CHECK(applied("{a: {}}", "- {op: add, path: /a/b, value: {c: {d: {}}}}", limits) ==
        R"({"a":{"b":{"c":{"d":{}}}}})");
  const std::string fault = "it nests more than 5 levels deep";
  CHECK(applied("{a: {b: {}}}", "- {op: add, path: /a/b/c, value: {d: {e: {}}}}", limits)
            .ends_with(fault));
  CHECK(applied("{a: {b: 1}}",
                "- {op: replace, path: /a/b, value: {}}\n"
                "- {op: copy, from: /a, path: /a/b/c}\n"
                "- {op: copy, from: /a, path: /a/b/c}\n",
                limits)
            .ends_with(fault));
  CHECK(applied("{}", "- {op: remove, path: " + std::string(5000, '/') + "}", limits)
            .ends_with(fault));
}
