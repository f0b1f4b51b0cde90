// SPDX-License-Identifier: Apache-2.0
#include "document/difference.hpp"

#include "document/json.hpp"
#include "document/yaml_reader.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace primocane;

namespace {

// One line per difference: "path: before -> after".
std::string shown(std::string_view before, std::string_view after) {
  const Value a = read_yaml(before, "before")->front().value;
  const Value b = read_yaml(after, "after")->front().value;
  std::string lines;
  for (const Difference& found : difference(a, b)) {
    lines += found.path.str() + ": " + (found.before ? write_json(*found.before) : "nothing") +
             " -> " + (found.after ? write_json(*found.after) : "nothing") + "\n";
  }
  CHECK(lines.empty() == (a == b));
  return lines;
}

}  // namespace

TEST_CASE("equal values have no difference, whatever the order of their keys") {
  CHECK(shown("{a: 1, b: [x]}", "{b: [x], a: 1}").empty());
}

TEST_CASE("fields that changed, came and went are told with their paths") {
  CHECK(shown("{a: 1, b: {c: 2, d: 3}, e: 4}", "{a: 1, b: {c: 5, f/g: 6}}") ==
        "/b/c: 2 -> 5\n/b/f~1g: nothing -> 6\n/b/d: 3 -> nothing\n/e: 4 -> nothing\n");
}

TEST_CASE("a value of another kind differs as a whole") {
  CHECK(shown("a: [1]", "a: {b: 1}") == "/a: [1] -> {\"b\":1}\n");
  CHECK(shown("a: 1", "a: \"1\"") == "/a: 1 -> \"1\"\n");
}

TEST_CASE("a field that is null is there") {
  CHECK(shown("a: {b: ~}", "a: {}") == "/a/b: null -> nothing\n");
}

TEST_CASE("items of lists are compared by index") {
  CHECK(shown("[a, b, c]", "[a, x]") == "/1: \"b\" -> \"x\"\n/2: \"c\" -> nothing\n");
  CHECK(shown("[a]", "[a, b]") == "/1: nothing -> \"b\"\n");
}

TEST_CASE("items with unique names are compared by their names") {
  CHECK(
      shown("[{name: a, x: 1}, {name: b, x: 2}]", "[{name: new}, {name: b, x: 3}]") ==
      "/0: nothing -> {\"name\":\"new\"}\n/1/x: 2 -> 3\n/0: {\"name\":\"a\",\"x\":1} -> nothing\n");
  CHECK(shown("[{mountPath: /a, x: 1}, {mountPath: /b}]", "[{mountPath: /b}]") ==
        "/0: {\"mountPath\":\"/a\",\"x\":1} -> nothing\n");
  CHECK(shown("[{containerPort: 80}]", "[{containerPort: 80, name: web}]") ==
        "/0/name: nothing -> \"web\"\n");
}

TEST_CASE("items whose names are not unique are compared by index") {
  CHECK(shown("[{name: a, x: 1}, {name: a, x: 2}]", "[{name: a, x: 1}, {name: a, x: 3}]") ==
        "/1/x: 2 -> 3\n");
}

TEST_CASE("named items that only changed places differ as a list") {
  CHECK(shown("l: [{name: a}, {name: b}]", "l: [{name: b}, {name: a}]") ==
        R"(/l: [{"name":"a"},{"name":"b"}] -> [{"name":"b"},{"name":"a"}])"
        "\n");
}
