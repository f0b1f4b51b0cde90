// SPDX-License-Identifier: Apache-2.0
#include "expression/literal.hpp"

#include "document/go_number.hpp"
#include "document/utf8.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

template <typename T>
std::optional<T> parsed(std::string_view digits, int base) {
  T value{};
  const char* const end = digits.data() + digits.size();
  const auto [rest, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc() || rest != end) return std::nullopt;
  return value;
}

template <typename T>
Result<CelValue> read_whole(std::string_view text, Sign sign) {
  const int base = text.starts_with("0x") ? 16 : 10;
  std::string digits = sign == Sign::minus ? "-" : "";
  digits += base == 16 ? text.substr(2) : text;
  if (const auto value = parsed<T>(digits, base)) return CelValue(*value);
  return fail(ErrorKind::invalid, fmt::format("{} does not fit into 64 bits", digits));
}

Result<CelValue> read_real(std::string_view text, Sign sign) {
  const auto value = go_float(text);
  if (!value) return fail(ErrorKind::invalid, fmt::format("{} does not fit into a double", text));
  return CelValue(sign == Sign::minus ? -*value : *value);
}

// "\r\n" and "\r" are read as "\n" in strings of any form.
std::string with_plain_line_ends(std::string_view text) {
  std::string result;
  for (std::size_t index = 0; index < text.size(); ++index) {
    if (text[index] != '\r') {
      result += text[index];
    } else if (!text.substr(index + 1).starts_with('\n')) {
      result += '\n';
    }
  }
  return result;
}

struct Escape {
  std::uint32_t code = 0;
  std::size_t length = 2;
};

// The lexer has checked its form.
Escape read_escape(std::string_view text) {
  const auto number = [&](std::size_t from, std::size_t count, int base) {
    return Escape{.code = parsed<std::uint32_t>(text.substr(from, count), base).value_or(0),
                  .length = from + count};
  };
  switch (text[1]) {
    case 'a':
      return {.code = '\a'};
    case 'b':
      return {.code = '\b'};
    case 'f':
      return {.code = '\f'};
    case 'n':
      return {.code = '\n'};
    case 'r':
      return {.code = '\r'};
    case 't':
      return {.code = '\t'};
    case 'v':
      return {.code = '\v'};
    case 'x':
    case 'X':
      return number(2, 2, 16);
    case 'u':
      return number(2, 4, 16);
    case 'U':
      return number(2, 8, 16);
    case '0':
    case '1':
    case '2':
    case '3':
      return number(1, 3, 8);
    default:
      return {.code = static_cast<unsigned char>(text[1])};
  }
}

enum class Content : std::uint8_t { text, bytes };

Result<std::string> unescaped(std::string_view text, Content content) {
  std::string result;
  while (!text.empty()) {
    if (text.front() != '\\') {
      const std::size_t length = std::min(text.find('\\'), text.size());
      result += text.substr(0, length);
      text.remove_prefix(length);
      continue;
    }
    const Escape escape = read_escape(text);
    if (content == Content::bytes) {
      if (text[1] == 'u' || text[1] == 'U') {
        return fail(ErrorKind::invalid, "bytes hold no characters: write \\x and two digits");
      }
      result += static_cast<char>(static_cast<unsigned char>(escape.code));
    } else if (!append_utf8(escape.code, result)) {
      return fail(ErrorKind::invalid,
                  fmt::format("there is no character \"{}\"", text.substr(0, escape.length)));
    }
    text.remove_prefix(escape.length);
  }
  return result;
}

Result<std::string> read_quoted(std::string_view text, Content content) {
  const bool is_raw = text.starts_with('r') || text.starts_with('R');
  if (is_raw) text.remove_prefix(1);
  const bool is_triple =
      text.size() >= 6 && (text.starts_with("\"\"\"") || text.starts_with("'''"));
  const std::size_t quote = is_triple ? 3 : 1;
  std::string inner = with_plain_line_ends(text.substr(quote, text.size() - 2 * quote));
  if (is_raw) return inner;
  return unescaped(inner, content);
}

}  // namespace

Result<CelValue> read_literal(const Token& token, Sign sign) {
  switch (token.kind) {
    case TokenKind::integer:
      return read_whole<std::int64_t>(token.text, sign);
    case TokenKind::unsigned_integer:
      return read_whole<std::uint64_t>(token.text.substr(0, token.text.size() - 1), Sign::plus);
    case TokenKind::real:
      return read_real(token.text, sign);
    case TokenKind::text:
      return CelValue::text(TRY(read_quoted(token.text, Content::text)));
    case TokenKind::bytes:
      return CelValue::bytes(TRY(read_quoted(token.text.substr(1), Content::bytes)));
    case TokenKind::word:
      if (token.text == "null") return CelValue();
      return CelValue(token.text == "true");
    case TokenKind::end:
    case TokenKind::identifier:
    case TokenKind::symbol:
      break;
  }
  return fail(ErrorKind::invalid, "expected a value");
}

}  // namespace primocane
