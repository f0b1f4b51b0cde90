// SPDX-License-Identifier: Apache-2.0
#include "document/json.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace primocane;

namespace {

std::string refusal(std::string_view text, const DocumentLimits& limits = {}) {
  const auto value = read_json(text, "test.json", limits);
  if (value) return "accepted";
  CHECK(value.error().kind == ErrorKind::invalid);
  CHECK(value.error().message.starts_with("test.json:"));
  return value.error().message;
}

}  // namespace

TEST_CASE("JSON is read with its numbers as they are written") {
  const auto value = read_json(
      R"({"a":[1,-0.50,1e+2,9007199254740993,123456789012345678901234567890],"b":null,"c":true,"d":"x\u00e9\n"})",
      "test.json");
  REQUIRE(value.has_value());
  CHECK(write_json(*value) ==
        "{\"a\":[1,-0.50,1e+2,9007199254740993,123456789012345678901234567890],\"b\":null,\"c\":"
        "true,\"d\":\"xé\\n\"}");
}

TEST_CASE("wrong JSON is refused with line and byte") {
  CHECK(refusal("{\"a\":1,\n\"b\":}").starts_with("test.json:2: "));
  CHECK(refusal("{\"a\":1,\n\"b\":}").ends_with(" at byte 12"));
  for (const char* text :
       {"", " ", "{", "[1,]", "{\"a\":1,}", "01", "1.", "+1", "nul", "'a'", "{a:1}", "[1] 2",
        "\"\x01\"", "\"\xFF\"", "\"\\ud800\"", "NaN", "// c\n1", "\xEF\xBB\xBF{}"}) {
    CAPTURE(text);
    CHECK(refusal(text) != "accepted");
  }
}

TEST_CASE("a duplicate key is refused") {
  CHECK(refusal(R"({"a":{"b":1,"c":2,"b":3}})") == "test.json: the key \"b\" is given twice");
  CHECK(refusal(R"({"a":1,"\u0061":2})") != "accepted");
}

TEST_CASE("JSON keeps the limits of documents") {
  CHECK(refusal("[[[1]]]", {.depth = 3}) == "accepted");
  CHECK(refusal("[[[1]]]", {.depth = 2}) != "accepted");
  CHECK(refusal("{\"a\":{\"a\":{}}}", {.depth = 2}) != "accepted");
  CHECK(refusal("[1,2,3]", {.nodes = 3}) != "accepted");
  CHECK(refusal("\"xxxxxx\"", {.scalar = ByteCount(5)}) != "accepted");
  CHECK(refusal("[1,2,3]", {.bytes = ByteCount(5)}) != "accepted");
  CHECK(refusal(std::string(100'000, '[')) != "accepted");
  CHECK(refusal(std::string(100'000, '[') + std::string(100'000, ']')) != "accepted");
}

TEST_CASE("strings are escaped as JSON demands and no further") {
  CHECK(write_json(Value(std::string("\"\\/\b\n\r\t\0\x1F<é", 12))) ==
        R"("\"\\/\u0008\n\r\t\u0000\u001f<é")");
}

TEST_CASE("JSON for people is indented") {
  const Value value = Object{{"b", Array{1, Object{}}}, {"a", Array{}}};
  CHECK(write_json_pretty(value) == "{\n  \"b\": [\n    1,\n    {}\n  ],\n  \"a\": []\n}\n");
}

TEST_CASE("equal values have equal canonical texts") {
  const Value a = Object{{"b", Object{{"y", 1}, {"x", 2}}}, {"a", Array{2, 1}}};
  const Value b = Object{{"a", Array{2, 1}}, {"b", Object{{"x", 2}, {"y", 1}}}};
  CHECK(write_canonical_json(a) == R"({"a":[2,1],"b":{"x":2,"y":1}})");
  CHECK(write_canonical_json(a) == write_canonical_json(b));
}
