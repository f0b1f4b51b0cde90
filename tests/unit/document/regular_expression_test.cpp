// SPDX-License-Identifier: Apache-2.0
#include "document/regular_expression.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace primocane;

namespace {

bool matches(std::string pattern, std::string_view text) {
  return TextPattern::make(std::move(pattern)).value().matches(text);
}

}  // namespace

TEST_CASE("a pattern is for the whole text") {
  CHECK(matches("web", "web"));
  CHECK_FALSE(matches("web", "web-1"));
  CHECK_FALSE(matches("web", "my-web"));
  CHECK(matches("web.*", "web-1"));
  CHECK(matches("a|b", "b"));
  CHECK_FALSE(matches("a|b", "ab"));
  CHECK(matches("", "anything"));
}

TEST_CASE("a dot is any character but a line break, with and without other patterns") {
  for (const char* text : {"a.b", "axb",
                           "a\xC3\xA4"
                           "b"}) {
    CAPTURE(text);
    CHECK(matches("a.b", text));
    CHECK(matches("(a.b)", text));
  }
  for (const char* text : {"a\nb", "ab", "axxb", "a"}) {
    CAPTURE(text);
    CHECK_FALSE(matches("a.b", text));
    CHECK_FALSE(matches("(a.b)", text));
  }
}

TEST_CASE("Go's syntax is understood where it is not RE2's") {
  CHECK(matches("(?<name>a)b", "ab"));
  CHECK(matches("[(?<a>]", "<"));
  CHECK(matches("\\Q(?<a>\\E", "(?<a>"));
  CHECK(matches("\\(\\?<a>", "(?<a>"));
  CHECK(matches("[]](?<name>a)", "]a"));
  CHECK(matches("[[:alpha:]](?<name>a)", "aa"));
  for (const char* wrong : {"\\C", "(", "a**", "(?=a)", "\\Z", "[a", "\\", "(?<a-b>c)"}) {
    CAPTURE(wrong);
    const auto pattern = TextPattern::make(wrong);
    REQUIRE_FALSE(pattern.has_value());
    CHECK(pattern.error().kind == ErrorKind::invalid);
  }
}

TEST_CASE("an expression that takes too much memory is refused") {
  CHECK_FALSE(TextPattern::make("(\\pL{30}){30}").has_value());
}
