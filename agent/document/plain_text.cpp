// SPDX-License-Identifier: Apache-2.0
#include "document/plain_text.hpp"

#include "document/utf8.hpp"

#include <algorithm>

namespace primocane {

namespace {

constexpr unsigned char second_controls = 0xC2;  // begins U+0080 to U+00BF
constexpr unsigned char second_controls_end = 0x9F;

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 1)
    return (first < 0x20 && first != '\n' && first != '\t') || first == 0x7F;
  return first == second_controls &&
         static_cast<unsigned char>(character[1]) <= second_controls_end;
}

// What turns the direction of the text around it (Unicode's Bidi_Control), so that it is read as
// something else, and what separates lines to some.
bool is_deceptive(std::string_view character) {
  return character == "\u061C" || (character >= "\u200E" && character <= "\u200F") ||
         (character >= "\u2028" && character <= "\u202E") ||
         (character >= "\u2066" && character <= "\u2069");
}

}  // namespace

std::string plain_text(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_character(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    if (length == 0 || is_control(character) || is_deceptive(character)) {
      plain += '?';
    } else {
      plain += character;
    }
    text.remove_prefix(character.size());
  }
  return plain;
}

std::string plain_line(std::string_view text) {
  std::string line = plain_text(text);
  std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return line;
}

}  // namespace primocane
