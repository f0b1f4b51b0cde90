// SPDX-License-Identifier: Apache-2.0
#include "document/key_order.hpp"

#include "document/json.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <utility>

using namespace primocane;

TEST_CASE("keys are printed with digits by their value and letters last") {
  for (const auto& [first, second] : {std::pair{"a2", "a10"},
                                      {"a", "ab"},
                                      {"A", "a"},
                                      {"_", "a"},
                                      {"a-b", "ab"},
                                      {"a.b", "a.c"},
                                      {"1", "a"},
                                      {"z", "é"},
                                      {"a1", "a01"},
                                      {"a100", "a101"}}) {
    CAPTURE(first, second);
    CHECK(is_printed_before(first, second));
    CHECK_FALSE(is_printed_before(second, first));
  }
  CHECK_FALSE(is_printed_before("a", "a"));
}

TEST_CASE("all mappings of a value are put into that order") {
  const Value value = Object{{"b", Array{Object{{"y", 1}, {"x", 2}}}}, {"a", 3}};
  CHECK(write_json(in_printed_order(value)) == R"({"a":3,"b":[{"x":2,"y":1}]})");
}

TEST_CASE("keys without a consistent order do no harm") {
  Object object;
  for (int index = 0; index < 1'000; ++index) {
    object.append(std::to_string(index % 7) + std::string(30, '9') + std::to_string(index), 1);
    object.append("a" + std::to_string(index) + "b", 1);
    object.append("a0" + std::to_string(index), 1);
  }
  CHECK(in_printed_order(std::move(object)).as_object()->size() == 3'000);
}
