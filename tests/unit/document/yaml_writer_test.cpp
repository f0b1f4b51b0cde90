// SPDX-License-Identifier: Apache-2.0
// The layout is compared with kustomize's in kustomize_table_test.cpp.
#include "document/yaml_writer.hpp"

#include "document/yaml_reader.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace primocane;

namespace {

void check_round_trip(const Value& value) {
  const std::string text = write_yaml(value);
  CAPTURE(text);
  const auto documents = read_yaml(text, "test.yaml");
  if (!documents) FAIL(documents.error().message);
  REQUIRE(documents->size() == 1);
  CHECK(documents->front().value == value);
}

}  // namespace

TEST_CASE("keys are written in their order and lists at the level of their key") {
  const Value value = Object{{"b", Array{1, Object{{"x", "y"}, {"a", Array{}}}}}, {"a", Value()}};
  CHECK(write_yaml(value) == "b:\n- 1\n- x: \"y\"\n  a: []\na: null\n");
}

TEST_CASE("a root that is no mapping is written as well") {
  CHECK(write_yaml(Value("text")) == "text\n");
  CHECK(write_yaml(Array{1, Array{2, 3}}) == "- 1\n- - 2\n  - 3\n");
  CHECK(write_yaml(Object{}) == "{}\n");
  CHECK(write_yaml(Array{}) == "[]\n");
}

TEST_CASE("what is written is read back as it was") {
  check_round_trip(Object{{"<<", Object{{"a", 1}}}});
  check_round_trip(Object{{"a", "0o-7"}, {"b", "\xC2\x85"}, {"c", "\r\n"}, {"d", ""}});
  check_round_trip(Object{{"a", std::string("\0", 1)}, {"", "x"}, {"a\nb", "y"}});
  check_round_trip(Object{{std::string(200, 'k'), Array{Object{{"a", 1}}}}});
  check_round_trip(Object{{"a", " \n x\n\n"}, {"b", "\n\n"}, {"c", "x\n\n\n"}, {"d", "\t\n"}});
  check_round_trip(Object{{"a", Array{Array{Array{}}, Object{}, Value(), true, Number{"1e-7"}}}});
}

TEST_CASE("characters that some readers take for line breaks are escaped") {
  CHECK(write_yaml(Object{{"a", "x\xC2\x85\xE2\x80\xA8\xE2\x80\xA9y"}}) == "a: \"x\\N\\L\\Py\"\n");
  check_round_trip(Object{{"a", "\xE2\x80\xA8*b\n"}, {"b", "\xE2\x80\xA8*b"}});
}

TEST_CASE("all of a text that begins with a byte order mark is escaped") {
  CHECK(write_yaml(Object{{"a", "\uFEFFa b"}}) == "a: \"\\uFEFF\\x61\\x20\\x62\"\n");
  CHECK(write_yaml(Object{{"a", "a\uFEFFb"}}) == "a: \"a\\uFEFFb\"\n");
  check_round_trip(Object{{"a", "\uFEFFa\n b\u00E9"}});
}

TEST_CASE("bytes that are not UTF-8 do not break the document") {
  const std::string text = write_yaml(Object{{"a", "x\xFFy"}, {"b", "\xE6"}});
  CHECK(read_yaml(text, "test.yaml").has_value());
}
