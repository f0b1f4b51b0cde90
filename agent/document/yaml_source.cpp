// SPDX-License-Identifier: Apache-2.0
#include "document/yaml_source.hpp"

#include "document/letters.hpp"
#include "document/utf8.hpp"
#include "document/yaml_scalar_style.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <system_error>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// White space, line ends and comments.
std::string_view skip_to_token(std::string_view text) {
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\n"), text.size()));
    if (!text.starts_with('#')) return text;
    text.remove_prefix(std::min(text.find('\n'), text.size()));
  }
}

// Takes the anchor or tag off the front of `text`.
void skip_property(std::string_view& text) {
  const bool is_verbatim = text.starts_with("!<");
  const std::size_t end = is_verbatim ? text.find('>') : text.find_first_of(" \t\n,[]{}", 1);
  text.remove_prefix(std::min(end, text.size()));
  if (is_verbatim) text.remove_prefix(std::min<std::size_t>(1, text.size()));
}

// Takes the first line off `text`.
std::string_view next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// Moves the white space at the front of `text`, which is inside quotes, to `value`: one line break
// becomes a space, further ones stay, and blanks stay only where there is no line break.
void take_white_space(std::string_view& text, std::string& value) {
  const std::size_t length = std::min(text.find_first_not_of(" \t\n"), text.size());
  const std::string_view space = text.substr(0, length);
  text.remove_prefix(length);
  const auto breaks = static_cast<std::size_t>(std::ranges::count(space, '\n'));
  if (breaks == 0) {
    value += space;
  } else if (breaks == 1) {
    value += ' ';
  } else {
    value.append(breaks - 1, '\n');
  }
}

// Moves the character with `digits` hexadecimal digits at the front of `text` to `value`.
bool take_code_point(std::string_view& text, std::size_t digits, std::string& value) {
  std::uint32_t point = 0;
  const std::string_view number = text.substr(0, digits);
  const auto [stop, error] =
      std::from_chars(number.data(), number.data() + number.size(), point, 16);
  const bool is_whole = error == std::errc() && stop == number.data() + number.size();
  if (!is_whole || number.size() != digits) return false;
  text.remove_prefix(digits);
  return append_utf8(point, value);
}

// Moves what follows a backslash in double quotes to `value`.
bool take_escape(std::string_view& text, std::string& value) {
  if (text.empty()) return false;
  const char letter = text.front();
  text.remove_prefix(1);
  if (letter == '\n') {
    const std::size_t length = std::min(text.find_first_not_of(" \t\n"), text.size());
    value.append(static_cast<std::size_t>(std::ranges::count(text.substr(0, length), '\n')), '\n');
    text.remove_prefix(length);
    return true;
  }
  if (letter == 'x') return take_code_point(text, 2, value);
  if (letter == 'u') return take_code_point(text, 4, value);
  if (letter == 'U') return take_code_point(text, 8, value);
  using Escape = std::pair<char, std::string_view>;
  constexpr auto escapes = std::to_array<Escape>({{'0', std::string_view("\0", 1)},
                                                  {'a', "\a"},
                                                  {'b', "\b"},
                                                  {'t', "\t"},
                                                  {'\t', "\t"},
                                                  {'n', "\n"},
                                                  {'v', "\v"},
                                                  {'f', "\f"},
                                                  {'r', "\r"},
                                                  {'e', "\x1B"},
                                                  {' ', " "},
                                                  {'"', "\""},
                                                  {'\'', "'"},
                                                  {'/', "/"},
                                                  {'\\', "\\"},
                                                  {'N', "\xC2\x85"},
                                                  {'_', "\xC2\xA0"},
                                                  {'L', "\xE2\x80\xA8"},
                                                  {'P', "\xE2\x80\xA9"}});
  const auto* const found = std::ranges::find(escapes, letter, &Escape::first);
  if (found == escapes.end()) return false;
  value += found->second;
  return true;
}

enum class Chomping : std::uint8_t { clip, strip, keep };

struct BlockHeader {
  Chomping chomping = Chomping::clip;
  int indent = 0;  // relative to the parent; 0: that of the first line
};

BlockHeader block_header(std::string_view line) {
  BlockHeader header;
  for (const char letter : line.substr(1, 2)) {
    if (letter == '-') header.chomping = Chomping::strip;
    if (letter == '+') header.chomping = Chomping::keep;
    if (letter >= '1' && letter <= '9') header.indent = letter - '0';
    if (is_blank(letter)) break;
  }
  return header;
}

std::size_t leading_spaces(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

// The widest of the lines up to the first that is not empty.
std::size_t detected_indent(std::string_view text, std::size_t lowest) {
  std::size_t indent = lowest;
  while (!text.empty()) {
    const std::string_view line = next_line(text);
    const std::size_t spaces = leading_spaces(line);
    indent = std::max(indent, spaces);
    if (spaces < line.size()) break;
  }
  return indent;
}

// A block scalar cut into its lines without indentation; the last one may lack its line break.
struct BlockLines {
  std::vector<std::string_view> lines;
  bool ends_with_break = true;
};

BlockLines block_lines(std::string_view text, std::size_t indent) {
  BlockLines block;
  while (!text.empty()) {
    block.ends_with_break = text.find('\n') != std::string_view::npos;
    std::string_view line = next_line(text);
    const std::size_t spaces = std::min(leading_spaces(line), indent);
    line.remove_prefix(spaces);
    if (spaces < indent && !line.empty()) break;
    if (line.empty() && !block.ends_with_break) break;
    block.lines.push_back(line);
    if (!block.ends_with_break) return block;
  }
  block.ends_with_break = true;
  return block;
}

// Joins lines as yaml_parser_scan_block_scalar of go-yaml does.
std::string fold(const BlockLines& block, Chomping chomping) {
  std::string text;
  std::size_t breaks = 0;       // since the last line that is not empty
  bool has_line = false;        // one that is not empty
  bool after_indented = false;  // that line was more indented
  for (const std::string_view line : block.lines) {
    if (line.empty()) {
      ++breaks;
      continue;
    }
    const bool is_indented = is_blank(line.front());
    const bool is_folded = has_line && !after_indented && !is_indented;
    if (is_folded && breaks == 1) {
      text += ' ';
    } else {
      text.append(breaks - (is_folded ? 1 : 0), '\n');
    }
    text += line;
    breaks = 1;
    has_line = true;
    after_indented = is_indented;
  }
  if (!block.ends_with_break) return text;
  if (chomping == Chomping::keep) {
    text.append(breaks, '\n');
  } else if (chomping == Chomping::clip && has_line) {
    text += '\n';
  }
  return text;
}

// What go-yaml's yaml_emitter_write_folded_scalar and the reader after it make of a text.
std::string printed_and_read(std::string_view text) {
  const std::size_t start = text.find_first_not_of('\n');
  if (start == std::string_view::npos) return std::string(text);
  // The printer doubles a break between lines for the reader to fold, but looks for the blank that
  // forbids it at the first line instead of the next one.
  const bool doubles = !is_blank(text[start]);
  std::string result(start, '\n');
  text.remove_prefix(start);
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size());
    const std::size_t breaks = std::min(text.find_first_not_of('\n'), text.size());
    text.remove_prefix(breaks);
    result += line;
    if (breaks == 0) break;
    const bool is_indented = is_blank(line.front());
    const std::size_t printed = breaks + (doubles && !is_indented ? 1 : 0);
    if (text.empty()) {
      result.append(breaks == 1 ? 1 : printed, '\n');
    } else if (is_indented || is_blank(text.front())) {
      result.append(printed, '\n');
    } else if (printed == 1) {
      result += ' ';
    } else {
      result.append(printed - 1, '\n');
    }
  }
  return result;
}

}  // namespace

std::string_view skip_properties(std::string_view text) {
  while (text.starts_with('&') || text.starts_with('!')) {
    skip_property(text);
    text = skip_to_token(text);
  }
  return text;
}

bool is_left_out(std::string_view text, int parent_column) {
  if (text.empty()) return true;  // the end of the document
  if (!text.starts_with('&') && !text.starts_with('!')) return false;
  while (text.starts_with('&') || text.starts_with('!')) {
    skip_property(text);
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    if (!text.empty() && text.front() != '\n' && text.front() != '#') continue;
    // A value further down is indented more than the key.
    std::string_view line;
    while (!text.empty() && (line.empty() || line.front() == '#')) {
      const std::string_view whole = next_line(text);
      line = whole.substr(leading_spaces(whole));
      const auto column = static_cast<int>(whole.size() - line.size());
      if (!line.empty() && line.front() != '#' && column <= parent_column) return true;
    }
    if (line.empty() || line.front() == '#') return true;
    text = line;
  }
  return text.starts_with(',') || text.starts_with(']') || text.starts_with('}');
}

ScalarForm scalar_form(std::string_view text) {
  text = skip_properties(text);
  if (text.starts_with('\'')) return ScalarForm::single_quoted;
  if (text.starts_with('"')) return ScalarForm::double_quoted;
  if (text.starts_with('|')) return ScalarForm::literal;
  if (text.starts_with('>')) return ScalarForm::folded;
  return ScalarForm::plain;
}

std::optional<std::string> quoted_scalar(std::string_view text) {
  text = skip_properties(text);
  const char quote = text.front();
  text.remove_prefix(1);
  std::string value;
  while (!text.empty()) {
    const char letter = text.front();
    if (is_blank(letter) || letter == '\n') {
      take_white_space(text, value);
    } else if (letter == quote) {
      // In single quotes two of them stand for one.
      if (quote == '"' || !text.substr(1).starts_with(quote)) return value;
      value += quote;
      text.remove_prefix(2);
    } else if (quote == '"' && letter == '\\') {
      text.remove_prefix(1);
      if (!take_escape(text, value)) return std::nullopt;
    } else {
      value += letter;
      text.remove_prefix(1);
    }
  }
  return std::nullopt;
}

std::string_view null_word(std::string_view text) {
  text = skip_properties(text);
  constexpr std::array<std::string_view, 4> words = {"~", "null", "Null", "NULL"};
  const auto* const found = std::ranges::find_if(words, [&](std::string_view word) {
    if (!text.starts_with(word)) return false;
    const std::string_view behind = text.substr(word.size(), 1);
    return behind.empty() || std::string_view(" \t\n,]}").contains(behind.front());
  });
  return found == words.end() ? std::string_view() : *found;
}

int block_column(std::string_view text, int column) {
  std::string_view line = next_line(text);
  while (line.starts_with('&') || line.starts_with('!')) {
    line.remove_prefix(std::min(line.find_first_of(" \t"), line.size()));
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  }
  // The properties of the first key are part of it.
  if (!line.empty() && line.front() != '#') return column;
  while (!text.empty()) {
    line = next_line(text);
    const std::size_t spaces = leading_spaces(line);
    if (spaces < line.size() && line[spaces] != '#') return static_cast<int>(spaces);
  }
  return column;
}

std::string folded_scalar(std::string_view text, int parent_column, GoYaml version) {
  text = skip_properties(text);
  const BlockHeader header = block_header(next_line(text));
  const auto parent = static_cast<std::size_t>(std::max(parent_column, 0));
  const auto lowest = static_cast<std::size_t>(std::max(parent_column + 1, 1));
  const std::size_t indent = header.indent > 0 ? parent + static_cast<std::size_t>(header.indent)
                                               : detected_indent(text, lowest);
  const std::string value = fold(block_lines(text, indent), header.chomping);
  // The printer takes double quotes for others, which change nothing.
  const bool is_printed = version == GoYaml::v3 && is_printed_as_block(value);
  return is_printed ? printed_and_read(value) : value;
}

}  // namespace primocane
