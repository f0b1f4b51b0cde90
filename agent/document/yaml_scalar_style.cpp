// SPDX-License-Identifier: Apache-2.0
#include "document/yaml_scalar_style.hpp"

#include "document/letters.hpp"
#include "document/plain_scalar.hpp"
#include "document/utf8.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <utility>

namespace primocane {

namespace {

// What matters for the choice of a style; yaml_emitter_analyze_scalar of go-yaml v2, emitterc.go.
struct Analysis {
  bool has_indicator = false;       // a character that means something where it stands
  bool has_flow_indicator = false;  // the same inside of brackets
  bool has_break = false;
  bool has_tab = false;
  bool has_special = false;  // another character that is written as an escape
  bool begins_or_ends_blank = false;
  bool ends_with_space = false;
  bool has_break_then_space = false;
  bool has_space_then_break = false;
};

bool is_indicator(char letter, bool is_first, bool after_blank, bool before_blank) {
  if (letter == ':') return before_blank;
  if (letter == '#') return is_first || after_blank;
  if (!is_first) return false;
  if (letter == '?' || letter == '-') return before_blank;
  return std::string_view(",[]{}&*!|>'\"%@`").find(letter) != std::string_view::npos;
}

bool is_flow_indicator(char letter, bool is_first) {
  if (letter == ':') return true;
  return std::string_view(is_first ? "?" : ",?[]{}").find(letter) != std::string_view::npos;
}

Analysis analyse(std::string_view text) {
  Analysis found;
  found.has_indicator = text.starts_with("---") || text.starts_with("...");
  bool after_blank = true;
  bool after_space = false;
  bool after_break = false;
  for (std::size_t index = 0; index < text.size();) {
    // Most characters: nothing of what is looked for, wherever they stand.
    if (is_letter_or_digit(text[index])) {
      after_blank = after_space = after_break = false;
      ++index;
      continue;
    }
    const std::string_view rest = text.substr(index);
    const std::size_t length = character_length(rest);
    const bool is_first = index == 0;
    const bool is_last = index + length >= text.size();
    const bool before_blank = is_last || is_blank(rest[length]);
    found.has_indicator |= is_indicator(rest.front(), is_first, after_blank, before_blank);
    found.has_flow_indicator |= is_flow_indicator(rest.front(), is_first);
    found.has_tab |= rest.front() == '\t';
    found.has_special |= rest.front() != '\t' && !begins_with_printable(rest);

    const bool is_space = rest.front() == ' ';
    const bool is_break = rest.front() == '\n';
    found.has_break |= is_break;
    found.begins_or_ends_blank |= (is_space || is_break) && (is_first || is_last);
    found.ends_with_space |= is_space && is_last;
    found.has_break_then_space |= is_space && after_break;
    found.has_space_then_break |= is_break && after_space;
    after_space = is_space;
    after_break = is_break;
    after_blank = is_blank(rest.front()) || is_break;
    index += length;
  }
  return found;
}

std::uint32_t code_point(std::string_view character) {
  if (utf8_character(character) != character.size()) return 0xFFFD;
  const auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 1) return first;
  std::uint32_t point = first & (0x7FU >> character.size());
  for (const char letter : character.substr(1)) {
    point = point << 6U | (static_cast<unsigned char>(letter) & 0x3FU);
  }
  return point;
}

}  // namespace

std::size_t character_length(std::string_view text) {
  if (static_cast<unsigned char>(text.front()) < 0x80) return 1;
  const std::size_t length = utf8_character(text);
  return length == 0 ? 1 : length;
}

bool begins_with_printable(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) return first == '\n' || (first >= 0x20 && first <= 0x7E);
  const std::size_t length = utf8_character(text);
  if (length == 2) return first != 0xC2 || static_cast<unsigned char>(text[1]) >= 0xA0;
  if (text.starts_with("\xE2\x80\xA8") || text.starts_with("\xE2\x80\xA9")) return false;
  return length == 3 && !text.starts_with("\xEF\xBB\xBF") && !text.starts_with("\xEF\xBF\xBE") &&
         !text.starts_with("\xEF\xBF\xBF");
}

std::string escape_of(std::string_view character) {
  const std::uint32_t point = code_point(character);
  constexpr auto short_forms = std::to_array<std::pair<std::uint32_t, char>>({{0x00, '0'},
                                                                              {0x07, 'a'},
                                                                              {0x08, 'b'},
                                                                              {0x09, 't'},
                                                                              {0x0A, 'n'},
                                                                              {0x0B, 'v'},
                                                                              {0x0C, 'f'},
                                                                              {0x0D, 'r'},
                                                                              {0x1B, 'e'},
                                                                              {0x22, '"'},
                                                                              {0x5C, '\\'},
                                                                              {0x85, 'N'},
                                                                              {0xA0, '_'},
                                                                              {0x2028, 'L'},
                                                                              {0x2029, 'P'}});
  for (const auto& [escaped, letter] : short_forms) {
    if (point == escaped) return {'\\', letter};
  }
  if (point <= 0xFF) return fmt::format("\\x{:02X}", point);
  if (point <= 0xFFFF) return fmt::format("\\u{:04X}", point);
  return fmt::format("\\U{:08X}", point);
}

bool is_simple_key(std::string_view text) {
  return text.size() <= 128 && text.find('\n') == std::string_view::npos;
}

bool is_printed_as_block(std::string_view text) {
  const Analysis found = analyse(text);
  return !text.empty() && !found.ends_with_space && !found.has_space_then_break &&
         !found.has_special;
}

ScalarForm printed_form(std::string_view text, ScalarForm wanted, ScalarPlace place) {
  const Analysis found = analyse(text);
  const bool is_flow = place == ScalarPlace::flow || place == ScalarPlace::flow_key;
  const bool is_key = place == ScalarPlace::block_key || place == ScalarPlace::flow_key;
  const bool needs_double = found.has_break_then_space || found.has_space_then_break ||
                            found.has_tab || found.has_special;
  ScalarForm form = is_key && found.has_break ? ScalarForm::double_quoted : wanted;
  if (form == ScalarForm::plain) {
    const bool is_bad = found.begins_or_ends_blank || needs_double || found.has_break ||
                        found.has_indicator || (is_flow && found.has_flow_indicator) ||
                        (text.empty() && (is_flow || is_key));
    if (is_bad) form = ScalarForm::single_quoted;
  }
  if (form == ScalarForm::single_quoted && needs_double) form = ScalarForm::double_quoted;
  const bool is_block = form == ScalarForm::literal || form == ScalarForm::folded;
  if (is_block && (is_flow || is_key || !is_printed_as_block(text))) {
    form = ScalarForm::double_quoted;
  }
  return form;
}

ScalarStyle style_of(std::string_view text, ScalarRole role) {
  if (text.empty()) return ScalarStyle::double_quoted;
  const Analysis found = analyse(text);
  const bool needs_escapes = found.has_space_then_break || found.has_tab || found.has_special;
  if (text.find('\n') != std::string_view::npos) {
    const bool is_block = !needs_escapes && !found.ends_with_space && role == ScalarRole::value;
    return is_block ? ScalarStyle::literal : ScalarStyle::double_quoted;
  }
  if (!is_string_when_plain(text)) return ScalarStyle::double_quoted;
  // A merge key, to readers that know them, unless it is quoted.
  if (role == ScalarRole::key && text == "<<") return ScalarStyle::double_quoted;
  if (needs_escapes || found.has_break_then_space) return ScalarStyle::double_quoted;
  const bool is_plain = !found.begins_or_ends_blank && !found.has_break && !found.has_indicator;
  return is_plain ? ScalarStyle::plain : ScalarStyle::single_quoted;
}

}  // namespace primocane
