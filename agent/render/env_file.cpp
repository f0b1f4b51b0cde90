// SPDX-License-Identifier: Apache-2.0
#include "render/env_file.hpp"

#include "base/take_until.hpp"
#include "document/schema_reader.hpp"
#include "document/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace primocane {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t line_bytes_max = 65'535;  // bufio.MaxScanTokenSize with the line feed

// The characters beyond ASCII for which Go's unicode.IsSpace holds.
constexpr std::array<std::string_view, 19> wide_spaces = {
    "\u0085", "\u00A0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
    "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200A",
    "\u2028", "\u2029", "\u202F", "\u205F", "\u3000"};

std::string_view without_leading_space(std::string_view text) {
  constexpr std::string_view narrow_spaces = " \t\n\v\f\r";
  while (!text.empty()) {
    const std::size_t length = utf8_character(text);
    const std::string_view character = text.substr(0, length);
    const bool is_space = length == 1
                              ? narrow_spaces.find(character) != std::string_view::npos
                              : std::ranges::find(wide_spaces, character) != wide_spaces.end();
    if (!is_space) break;
    text.remove_prefix(length);
  }
  return text;
}

std::string_view without_quotes(std::string_view text) {
  if (text.size() < 2 || text.front() != text.back()) return text;
  if (text.front() != '"' && text.front() != '\'') return text;
  return text.substr(1, text.size() - 2);
}

}  // namespace

Result<std::vector<KeyValue>> read_env_file(std::string_view content, std::string_view name) {
  std::vector<KeyValue> pairs;
  for (std::uint32_t number = 1; !content.empty(); ++number) {
    std::string_view line = take_until(content, '\n');
    const auto bad = [&](std::string_view message) {
      return fail(ErrorKind::invalid, at_line(name, number) + std::string(message));
    };
    if (line.size() > line_bytes_max) {
      return bad(fmt::format("a line of an env file may have at most {} bytes", line_bytes_max));
    }
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!is_utf8(line)) return bad("this line is not UTF-8: put the value into a file of its own");
    if (number == 1 && line.starts_with(byte_order_mark)) {
      line.remove_prefix(byte_order_mark.size());
    }
    line = without_leading_space(line);
    if (line.empty() || line.front() == '#' || line.front() == '=') continue;
    const std::string_view key = take_until(line, '=');
    pairs.push_back({.key = std::string(key), .value = std::string(line)});
  }
  return pairs;
}

Result<KeyValue> read_literal(std::string_view text) {
  const std::size_t sign = text.find('=');
  if (sign == std::string_view::npos || sign == 0) {
    return fail(ErrorKind::invalid, "a literal must be \"key=value\"");
  }
  return KeyValue{.key = std::string(text.substr(0, sign)),
                  .value = std::string(without_quotes(text.substr(sign + 1)))};
}

}  // namespace primocane
