// SPDX-License-Identifier: Apache-2.0
// Specification of quantity.
#include "resource/quantity.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace primocane;

TEST_CASE("quantities are the same in whatever form they are written") {
  CHECK(is_same_quantity("1000m", "1"));
  CHECK(is_same_quantity("0.5", "500m"));
  CHECK(is_same_quantity("1024Mi", "1Gi"));
  CHECK(is_same_quantity("1.5Gi", "1536Mi"));
  CHECK(is_same_quantity("1e3", "1k"));
  CHECK(is_same_quantity("1E3", "1000"));
  CHECK(is_same_quantity("1e+3", "1000"));
  CHECK(is_same_quantity("1E", "1000P"));
  CHECK(is_same_quantity("+1", "1."));
  CHECK(is_same_quantity(".5", "500000000n"));
  CHECK(is_same_quantity("-2", "-2000m"));
  CHECK(is_same_quantity("0.00000000001", "1n"));
}

TEST_CASE("other amounts, and what is no quantity, are not the same") {
  CHECK_FALSE(is_same_quantity("1", "2"));
  CHECK_FALSE(is_same_quantity("1", "-1"));
  CHECK_FALSE(is_same_quantity("1M", "1Mi"));
  CHECK_FALSE(is_same_quantity("1", "1n"));
  for (const auto* text : {"", "-", ".", "m", "1x", "1e", "1e99", "1 ", "1..2", "1Ki5"}) {
    CHECK_FALSE(is_same_quantity(text, text));
  }
  CHECK_FALSE(is_same_quantity("99999999999999999999999999999999999999", "1"));
  CHECK_FALSE(is_same_quantity("999999999999999999999Ei", "999999999999999999999Ei"));
}
