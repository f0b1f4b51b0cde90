// SPDX-License-Identifier: Apache-2.0
// The escapes: strconv.Quote of Go, RFC 8259 section 7, repr() of Python.
#include "cluster/escaped_text.hpp"

#include "document/utf8.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace primocane {

namespace {

struct Escape {
  std::size_t size = 0;  // with its backslash
  std::string meaning;
};

// The number in the `count` hexadecimal digits that follow the two characters of an escape.
std::optional<std::uint32_t> hex_of(std::string_view escape, std::size_t count) {
  if (escape.size() < 2 + count) return std::nullopt;
  const char* begin = escape.data() + 2;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(begin, begin + count, number, 16);
  if (error != std::errc() || end != begin + count) return std::nullopt;
  return number;
}

std::optional<Escape> character(std::uint32_t code_point, std::size_t size) {
  Escape escape{.size = size, .meaning = {}};
  if (!append_utf8(code_point, escape.meaning)) return std::nullopt;
  return escape;
}

// JSON writes what is beyond U+FFFF as two surrogates.
std::optional<Escape> read_utf16(std::string_view text) {
  constexpr std::size_t digits = 4;
  constexpr std::size_t size = 2 + digits;
  constexpr std::uint32_t high_begin = 0xD800;
  constexpr std::uint32_t low_begin = 0xDC00;
  constexpr std::uint32_t low_end = 0xE000;
  const std::optional<std::uint32_t> unit = hex_of(text, digits);
  if (!unit) return std::nullopt;
  if (*unit < high_begin || *unit >= low_begin) return character(*unit, size);
  const std::string_view rest = text.substr(size);
  if (!rest.starts_with("\\u")) return std::nullopt;
  const std::optional<std::uint32_t> low = hex_of(rest, digits);
  if (!low || *low < low_begin || *low >= low_end) return std::nullopt;
  const std::uint32_t code_point = 0x10000U + ((*unit - high_begin) << 10U) + (*low - low_begin);
  return character(code_point, 2 * size);
}

std::optional<Escape> read_escape(std::string_view text) {
  constexpr std::string_view letters = "abfnrtv\\\"'/`";
  constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\\"'/`";
  if (text.size() < 2) return std::nullopt;
  if (text[1] == 'u') return read_utf16(text);
  if (text[1] == 'U') {
    constexpr std::size_t digits = 8;
    const std::optional<std::uint32_t> code_point = hex_of(text, digits);
    return code_point ? character(*code_point, 2 + digits) : std::nullopt;
  }
  if (text[1] == 'x') {
    constexpr std::size_t digits = 2;
    const std::optional<std::uint32_t> byte = hex_of(text, digits);
    if (!byte) return std::nullopt;
    return Escape{.size = 2 + digits, .meaning = std::string(1, static_cast<char>(*byte))};
  }
  const std::size_t letter = letters.find(text[1]);
  if (letter == std::string_view::npos) return std::nullopt;
  return Escape{.size = 2, .meaning = std::string(1, meanings[letter])};
}

}  // namespace

EscapedText::EscapedText(std::string source) : text_(std::move(source)) {
  sources_.reserve(text_.size());
  for (std::size_t at = 0; at < text_.size(); ++at) sources_.push_back({at, at + 1});
}

bool EscapedText::unescape() {
  std::string text;
  std::vector<TextRange> sources;
  bool has_escapes = false;
  for (std::size_t at = 0; at < text_.size();) {
    std::optional<Escape> escape;
    if (text_[at] == '\\') escape = read_escape(std::string_view(text_).substr(at));
    has_escapes = has_escapes || escape;
    const std::size_t size = escape ? escape->size : 1;
    const std::string meaning = escape ? std::move(escape->meaning) : std::string(1, text_[at]);
    text += meaning;
    sources.insert(sources.end(), meaning.size(), source({at, at + size}));
    at += size;
  }
  text_ = std::move(text);
  sources_ = std::move(sources);
  return has_escapes;
}

TextRange EscapedText::source(TextRange range) const {
  return {sources_[range.begin].begin, sources_[range.end - 1].end};
}

}  // namespace primocane
