// SPDX-License-Identifier: Apache-2.0
#include "document/plain_text.hpp"

#include <catch2/catch_test_macros.hpp>

namespace primocane {

TEST_CASE("what people wrote stays as it is") {
  CHECK(plain_text("").empty());
  CHECK(plain_text("caf\u00e9 \u2713 \U0001F347\n\tdone\u00a0") ==
        "caf\u00e9 \u2713 \U0001F347\n\tdone\u00a0");
}

TEST_CASE("codes that steer a terminal become question marks") {
  CHECK(plain_text("\x1b[2Ja\r\x7f\a") == "?[2Ja???");
  // The one-character forms of ISO 6429: CSI and the end of a string.
  CHECK(plain_text("\u009b2J\u0080\u009c") == "?2J??");
}

TEST_CASE("what turns the direction of text becomes a question mark, its letters stay") {
  CHECK(plain_text("a\u202eb\u2066c\u2069\u061c") == "a?b?c??");
  CHECK(plain_text("a\u2028b\u200f") == "a?b?");
  CHECK(plain_text("\u200d\u2010\u05d0\u0627") == "\u200d\u2010\u05d0\u0627");
}

TEST_CASE("bytes that are not UTF-8 become question marks, one each") {
  CHECK(plain_text("caf\xe9.yaml") == "caf?.yaml");
  CHECK(plain_text("\xf0\x9f\x8d") == "???");
  CHECK(plain_text("\xc2") == "?");
}

TEST_CASE("a line stays one") { CHECK(plain_line("a\nb\tc\rd") == "a b c?d"); }

}  // namespace primocane
