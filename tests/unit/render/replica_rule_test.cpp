// SPDX-License-Identifier: Apache-2.0
#include "render/replica_rule.hpp"

#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace primocane;

namespace {

std::string count_in(const std::string& count) {
  const auto rule =
      read_replica_rule(yaml_value("{name: web, count: " + count + "}"), FieldReader("k.yaml"));
  return rule ? std::to_string(rule->count) : rule.error().message;
}

}  // namespace

TEST_CASE("a count of replicas is an integer of 64 bits, however it is written") {
  CHECK(count_in("3") == "3");
  CHECK(count_in("3.0") == "3");
  CHECK(count_in("1e3") == "1000");
  CHECK(count_in("-1") == "-1");
  CHECK(count_in("~") == "0");
  for (const char* wrong : {"3.5", "'3'", "true", "9223372036854775808", "[]"}) {
    CAPTURE(wrong);
    CHECK(count_in(wrong).starts_with("k.yaml:1: count must be an integer, not "));
  }
}

TEST_CASE("the number of replicas replaces any scalar") {
  const ReplicaRule rule{.name = "web", .count = 5};
  for (const char* field : {"1", "x", "~", "true"}) {
    CAPTURE(field);
    Value value = yaml_value(std::string("a: ") + field).as_object()->begin()->second;
    REQUIRE(set_replicas(value, rule).has_value());
    CHECK(value == Value(5));
  }
  Value list = Array();
  CHECK_FALSE(set_replicas(list, rule).has_value());
}
