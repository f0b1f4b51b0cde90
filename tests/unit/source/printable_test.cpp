// SPDX-License-Identifier: Apache-2.0
// Text of strangers in our messages.
#include "source/printable.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace primocane {

TEST_CASE("a stranger's text becomes one short line of ASCII") {
  CHECK(printable("  fatal: no\nsuch thing\r\n") == "fatal: no such thing");
  CHECK(printable("\x1b[31mred\x1b[0m") == "?[31mred?[0m");
  CHECK(printable("naïve") == "na??ve");
  CHECK(printable("abcdef", 3) == "abc...");
  CHECK(printable(" \n\t ").empty());
}

}  // namespace primocane
