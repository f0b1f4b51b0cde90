// SPDX-License-Identifier: Apache-2.0
#include "document/go_number.hpp"

#include <catch2/catch_test_macros.hpp>

#include <limits>

using namespace primocane;

TEST_CASE("integers are read with Go's prefixes and within 64 bits") {
  CHECK(go_integer("0x1F") == "31");
  CHECK(go_integer("-0b101") == "-5");
  CHECK(go_integer("017") == "15");
  CHECK(go_integer("0") == "0");
  CHECK(go_integer("-0") == "0");
  CHECK(go_integer("18446744073709551615") == "18446744073709551615");
  CHECK(go_integer("-9223372036854775808") == "-9223372036854775808");
  for (const char* text : {"", "-", "+", "08", "0x", "0z1", "1.0", "a", "18446744073709551616",
                           "-9223372036854775809", "+9223372036854775808", "0x-1", "--1", "1 "}) {
    CAPTURE(text);
    CHECK_FALSE(go_integer(text).has_value());
  }
}

TEST_CASE("floating-point texts are read as Go reads them") {
  CHECK(go_float("1.5") == 1.5);
  CHECK(go_float("-.5e3") == -500.0);
  CHECK(go_float("+5.") == 5.0);
  CHECK(go_float("1e-400") == 0.0);
  CHECK(go_float("0.0000001e-400") == 0.0);
  CHECK(go_float("0e99999999999999999999") == 0.0);
  for (const char* text : {"", ".", "e1", ".e1", "1e", "1e+", "inf", "nan", "0x1p4", "1e400",
                           "1000000e999999999999", "1_0.5", "1.5 "}) {
    CAPTURE(text);
    CHECK_FALSE(go_float(text).has_value());
  }
}

TEST_CASE("doubles are written to JSON with Go's digits and exponents") {
  CHECK(go_json_float(0.0) == "0");
  CHECK(go_json_float(-0.0) == "-0");
  CHECK(go_json_float(100.0) == "100");
  CHECK(go_json_float(0.1) == "0.1");
  CHECK(go_json_float(1e20) == "100000000000000000000");
  CHECK(go_json_float(1e21) == "1e+21");
  CHECK(go_json_float(1.5e-7) == "1.5e-7");
  CHECK(go_json_float(0.000001) == "0.000001");
  CHECK(go_json_float(std::numeric_limits<double>::denorm_min()) == "5e-324");
}

TEST_CASE("a number that is none is printed as it is") { CHECK(go_yaml_number("x") == "x"); }

TEST_CASE("a float without exponent has the shortest digits, however large it is") {
  CHECK(go_fixed_float(1e23) == "100000000000000000000000");
  CHECK(go_fixed_float(1.5) == "1.5");
  CHECK(go_fixed_float(-0.00000012) == "-0.00000012");
  CHECK(go_fixed_float(0) == "0");
}
