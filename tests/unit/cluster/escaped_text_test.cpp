// SPDX-License-Identifier: Apache-2.0
// Specification of the escapes and of where each byte behind them was written.
#include "cluster/escaped_text.hpp"

#include "support/print.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <utility>

using namespace primocane;

namespace {

std::string unescaped(std::string source) {
  EscapedText text(std::move(source));
  text.unescape();
  return text.text();
}

}  // namespace

TEST_CASE("the escapes of Go, JSON and Python are understood") {
  CHECK(unescaped(R"(\a\b\f\n\r\t\v\\\"\'\/\`)") == "\a\b\f\n\r\t\v\\\"'/`");
  CHECK(unescaped(R"(\x41\xff)") == "A\xff");
  CHECK(unescaped(R"(\u00fc\u003c\U0001f600\ud83d\ude00)") == "ü<😀😀");
}

TEST_CASE("what is no escape stays as it is") {
  for (const char* text :
       {"", "\\", "\\q", "\\x", "\\xg0", "\\x+1", "\\u12", "\\ud800", "\\ud800\\n", "\\ude00",
        "\\ud800\\uzzzz", "\\UFFFFFFFF", "\\U0001f60"}) {
    EscapedText escaped(text);
    const bool has_escapes = escaped.unescape();
    CHECK(has_escapes == (std::string(text) == "\\ud800\\n"));
    if (!has_escapes) CHECK(escaped.text() == text);
  }
}

TEST_CASE("a range of the text is found in the source, through every unescaping") {
  EscapedText text(R"(ab\\nc\\u0041d)");
  CHECK(text.source({1, 3}) == TextRange{1, 3});
  CHECK(text.unescape());
  CHECK(text.text() == R"(ab\nc\u0041d)");
  CHECK(text.source({2, 4}) == TextRange{2, 5});
  CHECK(text.unescape());
  CHECK(text.text() == "ab\ncAd");
  CHECK(text.source({2, 3}) == TextRange{2, 5});
  CHECK(text.source({4, 5}) == TextRange{6, 13});
  CHECK(text.source({0, 6}) == TextRange{0, 14});
  CHECK_FALSE(text.unescape());
}
