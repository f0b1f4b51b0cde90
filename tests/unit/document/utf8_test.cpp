// SPDX-License-Identifier: Apache-2.0
#include "document/utf8.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace primocane;

TEST_CASE("characters of one to four bytes are well-formed") {
  CHECK(utf8_character("a") == 1);
  CHECK(utf8_character("é") == 2);
  CHECK(utf8_character("日") == 3);
  CHECK(utf8_character("😀") == 4);
  CHECK(utf8_character("") == 0);
  CHECK(is_utf8("aé日😀"));
}

TEST_CASE("overlong forms, surrogates, stray and missing bytes are not well-formed") {
  for (const char* text : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80",
                           "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80", "\xFF",
                           "\xC3", "\xE6\x97", "\xF0\x9F\x98", "\xC3(", "\xE6(\xA5"}) {
    CAPTURE(text);
    CHECK(utf8_character(text) == 0);
    CHECK_FALSE(is_utf8(std::string("a") + text));
  }
}

TEST_CASE("code points become characters, except surrogates and what is beyond Unicode") {
  std::string text;
  CHECK(append_utf8('a', text));
  CHECK(append_utf8(0xE9, text));
  CHECK(append_utf8(0x65E5, text));
  CHECK(append_utf8(0x1F600, text));
  CHECK(text == "aé日😀");
  CHECK_FALSE(append_utf8(0xD800, text));
  CHECK_FALSE(append_utf8(0x110000, text));
}
