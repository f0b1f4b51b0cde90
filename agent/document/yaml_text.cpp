// SPDX-License-Identifier: Apache-2.0
#include "document/yaml_text.hpp"

#include "document/schema_reader.hpp"
#include "document/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace primocane {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// YAML's c-printable (specification 1.2.2, production 1) for a well-formed character.
bool is_allowed(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 1) {
    return (first >= 0x20 && first != 0x7F) || first == '\t' || first == '\n';
  }
  if (first == 0xC2) return character == "\xC2\x85" || character[1] >= '\xA0';
  return character != "\xEF\xBF\xBE" && character != "\xEF\xBF\xBF";
}

std::string character_name(std::string_view character) {
  if (character.size() == 1) {
    return fmt::format("0x{:02X}", static_cast<unsigned char>(character.front()));
  }
  return fmt::format("bytes {:02X}", fmt::join(character, " "));
}

bool is_separator(std::string_view line) {
  constexpr std::string_view blanks = " \t\v\f";
  const std::size_t rest = line.find_first_not_of(blanks, 3);
  return rest == std::string_view::npos || line[rest] == '#';
}

Result<void> check_line(std::string_view line, std::string_view name, std::uint32_t number) {
  while (!line.empty()) {
    // Nearly everything is plain ASCII.
    const auto* const odd = std::ranges::find_if(line, [](char letter) {
      return static_cast<unsigned char>(letter) < 0x20 || letter >= 0x7F || letter < 0;
    });
    line.remove_prefix(static_cast<std::size_t>(odd - line.begin()));
    if (line.empty()) break;
    const std::size_t length = utf8_character(line);
    if (length == 0) {
      return fail(ErrorKind::invalid, at_line(name, number) + "the text is not UTF-8");
    }
    const std::string_view character = line.substr(0, length);
    if (!is_allowed(character)) {
      return fail(ErrorKind::invalid,
                  fmt::format("{}the control character {} is not allowed in YAML",
                              at_line(name, number), character_name(character)));
    }
    line.remove_prefix(length);
  }
  return {};
}

}  // namespace

bool has_unix_line_ends(std::string_view text) {
  return !text.starts_with(byte_order_mark) && text.find('\r') == std::string_view::npos;
}

std::string with_unix_line_ends(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  std::string lines;
  lines.reserve(text.size());
  for (std::size_t index = 0; index < text.size(); ++index) {
    if (text[index] != '\r') {
      lines += text[index];
    } else if (index + 1 == text.size() || text[index + 1] != '\n') {
      lines += '\n';
    }
  }
  return lines;
}

Result<void> check_yaml_text(std::string_view text, std::string_view name) {
  for (std::uint32_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    TRY(check_line(line, name, number));
    const bool is_ended = end < text.size();
    if (number > 1 && is_ended && line.starts_with("---") && !is_separator(line)) {
      return fail(ErrorKind::invalid,
                  at_line(name, number) + "a \"---\" line may hold nothing but a comment");
    }
    if (line.starts_with('%')) {
      return fail(
          ErrorKind::invalid,
          at_line(name, number) + "a line may not begin with \"%\" (directives are refused)");
    }
    text.remove_prefix(end + (is_ended ? 1 : 0));
  }
  return {};
}

}  // namespace primocane
