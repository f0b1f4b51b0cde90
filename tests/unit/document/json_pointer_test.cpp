// SPDX-License-Identifier: Apache-2.0
#include "document/json_pointer.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace primocane;

TEST_CASE("a JSON pointer is read and written with its escapes") {
  const auto pointer = JsonPointer::parse("/metadata/annotations/a.b~1c~0d//0");
  REQUIRE(pointer.has_value());
  CHECK(pointer->tokens() ==
        std::vector<std::string>{"metadata", "annotations", "a.b/c~d", "", "0"});
  CHECK(pointer->str() == "/metadata/annotations/a.b~1c~0d//0");
  CHECK(JsonPointer::parse("")->tokens().empty());
  CHECK(JsonPointer::parse("/")->tokens() == std::vector<std::string>{""});
}

TEST_CASE("a JSON pointer without a slash in front or with a bad escape is refused") {
  for (const char* text : {"a", "a/b", "/~", "/a~2", "/a~"}) {
    CAPTURE(text);
    CHECK_FALSE(JsonPointer::parse(text).has_value());
  }
}

TEST_CASE("a JSON pointer leads through mappings and lists") {
  const Value value = Object{{"a", Array{Object{{"b/c", 1}}, 2}}, {"", 3}};
  const auto found = [&](const char* text) { return JsonPointer::parse(text)->find_in(value); };
  CHECK(*found("/a/0/b~1c") == Value(1));
  CHECK(*found("/a/1") == Value(2));
  CHECK(*found("/") == Value(3));
  CHECK(found("") == &value);
  for (const char* text : {"/b", "/a/2", "/a/-", "/a/01", "/a/+1", "/a/x", "/a/", "/a/1/b",
                           "/a/99999999999999999999"}) {
    CAPTURE(text);
    CHECK(found(text) == nullptr);
  }
}

TEST_CASE("a child pointer names a field of what its parent names") {
  CHECK(JsonPointer().child("a/b").child("0").str() == "/a~1b/0");
}
