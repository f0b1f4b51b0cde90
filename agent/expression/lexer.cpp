// SPDX-License-Identifier: Apache-2.0
#include "expression/lexer.hpp"

#include "document/letters.hpp"
#include "document/utf8.hpp"
#include "expression/syntax_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>

namespace primocane {

namespace {

// The longer ones first.
constexpr auto symbols = std::to_array<std::string_view>(
    {"==", "!=", "<=", ">=", "&&", "||", "<", ">", "[", "]", "{", "}",
     "(",  ")",  ".",  ",",  "-",  "!",  "?", ":", "+", "*", "/", "%"});

bool is_hex_digit(char letter) {
  return is_digit(letter) || (letter >= 'a' && letter <= 'f') || (letter >= 'A' && letter <= 'F');
}

bool begins_word(char letter) {
  return letter == '_' || (is_letter_or_digit(letter) && !is_digit(letter));
}

template <typename Predicate>
std::size_t length_while(std::string_view text, Predicate belongs) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, belongs) - text.begin());
}

std::size_t blank_length(std::string_view text) {
  if (text.starts_with("//")) return std::min(text.find('\n'), text.size());
  return length_while(text, [](char letter) {
    return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n' || letter == '\f';
  });
}

std::size_t exponent_length(std::string_view text) {
  if (!text.starts_with('e') && !text.starts_with('E')) return 0;
  const std::size_t sign = text.substr(1).starts_with('+') || text.substr(1).starts_with('-');
  const std::size_t digits = length_while(text.substr(1 + sign), is_digit);
  return digits == 0 ? 0 : 1 + sign + digits;
}

// ".5" behind the whole digits of a number.
std::size_t fraction_length(std::string_view text) {
  if (!text.starts_with('.')) return 0;
  const std::size_t digits = length_while(text.substr(1), is_digit);
  return digits == 0 ? 0 : 1 + digits;
}

bool is_unsigned_mark(std::string_view text) {
  return text.starts_with('u') || text.starts_with('U');
}

std::optional<Token> read_number(std::string_view text) {
  std::size_t length = 0;
  if (text.starts_with("0x")) {
    length = length_while(text.substr(2), is_hex_digit);
    if (length > 0) length += 2;
  }
  if (length == 0) {
    length = length_while(text, is_digit);
    const std::size_t fraction = fraction_length(text.substr(length));
    if (length + fraction == 0) return std::nullopt;
    const std::size_t exponent = exponent_length(text.substr(length + fraction));
    if (fraction + exponent > 0) {
      return Token{.kind = TokenKind::real, .text = text.substr(0, length + fraction + exponent)};
    }
  }
  if (is_unsigned_mark(text.substr(length))) {
    return Token{.kind = TokenKind::unsigned_integer, .text = text.substr(0, length + 1)};
  }
  return Token{.kind = TokenKind::integer, .text = text.substr(0, length)};
}

// The length of an escape, 0 if it is none.
std::size_t escape_length(std::string_view text) {
  if (text.size() < 2) return 0;
  const auto has_digits = [&](std::size_t count) {
    const std::string_view digits = text.substr(2, count);
    return digits.size() == count && std::ranges::all_of(digits, is_hex_digit);
  };
  const auto is_octal = [](char letter) { return letter >= '0' && letter <= '7'; };
  switch (text[1]) {
    case 'x':
    case 'X':
      return has_digits(2) ? 4 : 0;
    case 'u':
      return has_digits(4) ? 6 : 0;
    case 'U':
      return has_digits(8) ? 10 : 0;
    case '0':
    case '1':
    case '2':
    case '3':
      return text.size() >= 4 && is_octal(text[2]) && is_octal(text[3]) ? 4 : 0;
    default:
      return std::string_view("abfnrtv\"'\\?`").find(text[1]) == std::string_view::npos ? 0 : 2;
  }
}

enum class Escapes : std::uint8_t { raw, read };

// The length of a string that begins with `quote`, 0 if it does not end or holds a wrong escape.
std::size_t quoted_length(std::string_view text, std::string_view quote, Escapes escapes) {
  std::size_t index = quote.size();
  while (index < text.size()) {
    const std::string_view rest = text.substr(index);
    if (rest.starts_with(quote)) return index + quote.size();
    std::size_t length = 1;
    if (rest.front() == '\\' && escapes == Escapes::read) length = escape_length(rest);
    if (quote.size() == 1 && (rest.front() == '\n' || rest.front() == '\r')) length = 0;
    if (length == 0) return 0;
    index += length;
  }
  return 0;
}

std::size_t string_length(std::string_view text) {
  Escapes escapes = Escapes::read;
  std::size_t prefix = 0;
  if (text.starts_with('r') || text.starts_with('R')) {
    escapes = Escapes::raw;
    prefix = 1;
  }
  const std::string_view rest = text.substr(prefix);
  for (const std::string_view quote : {"\"\"\"", "'''", "\"", "'"}) {
    if (!rest.starts_with(quote)) continue;
    if (const std::size_t length = quoted_length(rest, quote, escapes)) return prefix + length;
  }
  return 0;
}

std::optional<Token> read_string(std::string_view text) {
  if (const std::size_t length = string_length(text)) {
    return Token{.kind = TokenKind::text, .text = text.substr(0, length)};
  }
  if (!text.starts_with('b') && !text.starts_with('B')) return std::nullopt;
  const std::size_t length = string_length(text.substr(1));
  if (length == 0) return std::nullopt;
  return Token{.kind = TokenKind::bytes, .text = text.substr(0, length + 1)};
}

std::optional<Token> read_token(std::string_view text) {
  if (auto token = read_string(text)) return token;
  if (auto token = read_number(text)) return token;
  if (begins_word(text.front())) {
    const std::size_t length =
        length_while(text, [](char letter) { return letter == '_' || is_letter_or_digit(letter); });
    const std::string_view word = text.substr(0, length);
    if (word == "in") return Token{.kind = TokenKind::symbol, .text = word};
    const bool is_value = word == "true" || word == "false" || word == "null";
    return Token{.kind = is_value ? TokenKind::word : TokenKind::identifier, .text = word};
  }
  for (const std::string_view symbol : symbols) {
    if (text.starts_with(symbol)) {
      return Token{.kind = TokenKind::symbol, .text = text.substr(0, symbol.size())};
    }
  }
  return std::nullopt;
}

std::string_view why_no_token(std::string_view text) {
  if (text.front() == '"' || text.front() == '\'') {
    return "a string begins that does not end, or that holds an escape which is none";
  }
  if (text.front() == '`') return "names in backquotes are not supported: write [\"name\"]";
  return "nothing in an expression begins like this";
}

}  // namespace

Result<std::vector<Token>> read_tokens(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t index = 0;
  while (index < text.size()) {
    const std::string_view rest = text.substr(index);
    if (const std::size_t blank = blank_length(rest)) {
      index += blank;
      continue;
    }
    auto token = read_token(rest);
    if (!token) {
      const std::size_t length = std::max(utf8_character(rest), std::size_t{1});
      return fail(ErrorKind::invalid, fmt::format("{}: \"{}\": {}", place_of(text, index),
                                                  rest.substr(0, length), why_no_token(rest)));
    }
    token->position = static_cast<std::uint32_t>(index);
    index += token->text.size();
    tokens.push_back(*token);
  }
  tokens.push_back({.position = static_cast<std::uint32_t>(text.size())});
  return tokens;
}

}  // namespace primocane
