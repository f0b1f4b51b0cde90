// SPDX-License-Identifier: Apache-2.0
#include "document/value.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <string>
#include <type_traits>
#include <utility>

using namespace primocane;

static_assert(!std::is_constructible_v<Value, void*>);
static_assert(!std::is_constructible_v<Value, const Value*>);

TEST_CASE("a value knows its kind and gives its alternative only") {
  CHECK(Value().is_null());
  CHECK(Value(true).kind() == ValueKind::boolean);
  CHECK(Value(1).as_number()->text == "1");
  CHECK(Value(-9223372036854775807 - 1).as_number()->text == "-9223372036854775808");
  CHECK(Value(18446744073709551615U).as_number()->text == "18446744073709551615");
  CHECK(*Value("a").as_string() == "a");
  CHECK(Value("a").as_object() == nullptr);
  CHECK(Value(Array{1, "b"}).as_array()->size() == 2);
  CHECK(Value(Object{{"a", 1}}).is_object());
}

TEST_CASE("a mapping keeps the order in which its keys were added") {
  Object object;
  object.set("b", 1);
  object.set("a", 2);
  object["c"] = 3;
  object.set("b", 4);
  std::string keys;
  for (const auto& [key, value] : object) keys += key;
  CHECK(keys == "bac");
  CHECK(*object.find("b") == Value(4));
}

TEST_CASE("erasing a key tells whether it was there") {
  Object object{{"a", 1}};
  CHECK(object.erase("a"));
  CHECK_FALSE(object.erase("a"));
  CHECK(object.empty());
}

TEST_CASE("mappings are equal whatever the order of their keys") {
  CHECK(Value(Object{{"a", 1}, {"b", 2}}) == Value(Object{{"b", 2}, {"a", 1}}));
  CHECK_FALSE(Value(Object{{"a", 1}}) == Value(Object{{"b", 1}}));
  CHECK_FALSE(Value(Object{{"a", 1}}) == Value(Object{{"a", 2}}));
  CHECK_FALSE(Value(Object{{"a", 1}}) == Value(Object{{"a", 1}, {"b", 2}}));
}

TEST_CASE("lines do not count in comparisons") {
  Value a("x");
  a.set_line(7);
  CHECK(a == Value("x"));
  CHECK(a.line() == 7);
}

TEST_CASE("big mappings in another order are compared in reasonable time") {
  Object a;
  Object b;
  constexpr int count = 100'000;
  for (int index = 0; index < count; ++index) {
    a.append(std::to_string(index), index);
    b.append(std::to_string(count - 1 - index), count - 1 - index);
  }
  CHECK(Value(std::move(a)) == Value(std::move(b)));
}

TEST_CASE("keys lead through mappings and end where one is missing") {
  const Value value = Object{{"metadata", Object{{"name", "web"}, {"labels", Array{}}}}};
  CHECK(value.text_at("metadata", "name") == "web");
  CHECK(value.text_at("metadata", "namespace").empty());
  CHECK(value.text_at("metadata", "labels").empty());
  CHECK(value.find("metadata", "name", "deeper") == nullptr);
  CHECK(Value("text").find("a") == nullptr);
}
