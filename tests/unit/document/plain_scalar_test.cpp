// SPDX-License-Identifier: Apache-2.0
// Most of it is compared with kustomize in kustomize_table_test.cpp.
#include "document/plain_scalar.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace primocane;

TEST_CASE("integers beyond 2^53 and decimals survive unchanged") {
  CHECK(plain_scalar("9007199254740993") == Value(Number{"9007199254740993"}));
  CHECK(plain_scalar("18446744073709551615") == Value(Number{"18446744073709551615"}));
  CHECK(plain_scalar("0.1") == Value(Number{"0.1"}));
}

TEST_CASE("infinity and NaN are refused, because JSON has no form for them") {
  for (const char* text : {".inf", "-.Inf", "+.INF", ".nan", ".NaN"}) {
    CAPTURE(text);
    const auto value = plain_scalar(text);
    REQUIRE_FALSE(value.has_value());
    CHECK(value.error().kind == ErrorKind::invalid);
  }
}

TEST_CASE("a text that any reader takes for something else is no plain string") {
  CHECK(is_string_when_plain("hello"));
  for (const char* text : {"", "~", "null", "true", "yes", "n", "Off", "1", "0o7", "0o-7", "1e3",
                           "1:30", "2001-01-01", ".inf", "0x1F", "1_000"}) {
    CAPTURE(text);
    CHECK_FALSE(is_string_when_plain(text));
  }
}

TEST_CASE("a value of the wrong type for its tag is not shown in the message") {
  const auto value = tagged_scalar("tag:yaml.org,2002:int", "hunter2");
  REQUIRE_FALSE(value.has_value());
  CHECK(value.error().message.find("hunter2") == std::string::npos);
}
