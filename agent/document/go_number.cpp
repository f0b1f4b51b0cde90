// SPDX-License-Identifier: Apache-2.0
#include "document/go_number.hpp"

#include "document/letters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <system_error>

namespace primocane {

namespace {

// A double as the shortest decimal digits that read back as it: 0.d1d2d3... * 10^point.
struct Decimal {
  bool negative = false;
  std::string digits;
  int point = 0;
};

// By fmt, which is linked anyway: std::to_chars brings a hundred kilobytes of tables.
Decimal shortest_decimal(double value) {
  const std::string text = fmt::format("{}", value);
  const std::size_t exponent_mark = std::min(text.find('e'), text.size());
  Decimal decimal;
  decimal.negative = text.starts_with('-');
  bool is_whole = true;
  for (const char letter : std::string_view(text).substr(0, exponent_mark)) {
    is_whole = is_whole && letter != '.';
    const bool is_leading_zero = letter == '0' && decimal.digits.empty();
    if (!is_digit(letter)) continue;
    if (!is_leading_zero) decimal.digits += letter;
    if (is_whole && !is_leading_zero) ++decimal.point;
    if (!is_whole && is_leading_zero) --decimal.point;
  }
  if (exponent_mark < text.size()) decimal.point += std::atoi(text.c_str() + exponent_mark + 1);
  while (decimal.digits.ends_with('0')) decimal.digits.pop_back();
  if (decimal.digits.empty()) return {.negative = decimal.negative, .digits = "0", .point = 1};
  return decimal;
}

std::string positional(const Decimal& decimal) {
  std::string text = decimal.negative ? "-" : "";
  const int count = static_cast<int>(decimal.digits.size());
  if (decimal.point <= 0) {
    text += "0." + std::string(static_cast<std::size_t>(-decimal.point), '0') + decimal.digits;
  } else if (decimal.point >= count) {
    text += decimal.digits + std::string(static_cast<std::size_t>(decimal.point - count), '0');
  } else {
    const auto whole = static_cast<std::size_t>(decimal.point);
    text += decimal.digits.substr(0, whole) + "." + decimal.digits.substr(whole);
  }
  return text;
}

std::string with_exponent(const Decimal& decimal, int exponent_digits) {
  std::string text = decimal.negative ? "-" : "";
  text += decimal.digits.front();
  if (decimal.digits.size() > 1) text += "." + decimal.digits.substr(1);
  const int exponent = decimal.point - 1;
  return fmt::format("{}e{}{:0{}}", text, exponent < 0 ? '-' : '+', std::abs(exponent),
                     exponent_digits);
}

// The power of ten of the first digit that is not zero, plus the exponent: tells a number too
// small for a double from one too big for it.
bool is_tiny(std::string_view text) {
  const std::size_t exponent_mark = std::min(text.find_first_of("eE"), text.size());
  const std::string_view mantissa = text.substr(0, exponent_mark);
  std::string_view exponent_text = text.substr(std::min(exponent_mark + 1, text.size()));
  const bool negative_exponent = exponent_text.starts_with('-');
  if (negative_exponent || exponent_text.starts_with('+')) exponent_text.remove_prefix(1);
  std::int64_t exponent = 0;
  for (const char letter : exponent_text) {
    exponent = std::min<std::int64_t>(exponent * 10 + (letter - '0'), 1'000'000'000);
  }
  if (negative_exponent) exponent = -exponent;

  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const std::size_t first = mantissa.find_first_of("123456789");
  if (first == std::string_view::npos) return true;
  return static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first) + exponent < 0;
}

bool is_decimal_float(std::string_view text) {
  std::size_t index = 0;
  const auto skip_digits = [&] {
    const std::size_t start = index;
    while (index < text.size() && is_digit(text[index])) ++index;
    return index > start;
  };
  bool has_digits = skip_digits();
  if (index < text.size() && text[index] == '.') {
    ++index;
    has_digits = skip_digits() || has_digits;
  }
  if (!has_digits) return false;
  if (index < text.size() && (text[index] == 'e' || text[index] == 'E')) {
    ++index;
    if (index < text.size() && (text[index] == '+' || text[index] == '-')) ++index;
    if (!skip_digits()) return false;
  }
  return index == text.size();
}

// The base that a leading zero and this letter announce; 0 if they announce none.
unsigned base_after_zero(char letter) {
  switch (letter) {
    case 'x':
    case 'X':
      return 16;
    case 'b':
    case 'B':
      return 2;
    case 'o':
    case 'O':
      return 8;
    default:
      return is_digit(letter) ? 8 : 0;
  }
}

}  // namespace

std::optional<std::string> go_integer(std::string_view text, unsigned base) {
  const bool negative = text.starts_with('-');
  const bool has_sign = negative || text.starts_with('+');
  if (has_sign) text.remove_prefix(1);
  std::uint64_t magnitude = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), magnitude, static_cast<int>(base));
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;

  constexpr auto biggest_signed =
      static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  // ParseUint, which reaches twice as far, takes no sign.
  if (has_sign && magnitude > biggest_signed + (negative ? 1U : 0U)) return std::nullopt;
  if (magnitude == 0) return "0";
  return (negative ? "-" : "") + fmt::to_string(magnitude);
}

std::optional<std::string> go_integer(std::string_view text) {
  std::string digits;
  if (text.starts_with('-') || text.starts_with('+')) {
    digits = text.front();
    text.remove_prefix(1);
  }
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  unsigned base = 10;
  if (text.starts_with('0') && text.size() > 1) {
    base = base_after_zero(text[1]);
    text.remove_prefix(is_digit(text[1]) ? 1 : 2);
    // A sign behind the prefix is not for this function.
    if (base == 0 || text.starts_with('-') || text.starts_with('+')) return std::nullopt;
  }
  digits += text;
  return go_integer(digits, base);
}

std::optional<double> go_float(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (!is_decimal_float(text)) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {
    if (!is_tiny(text)) return std::nullopt;
    value = 0;
  }
  return negative ? -value : value;
}

std::string go_json_float(double value) {
  if (value == 0) return std::signbit(value) ? "-0" : "0";
  const double magnitude = std::abs(value);
  if (magnitude < 1e-6 || magnitude >= 1e21) return with_exponent(shortest_decimal(value), 1);
  return positional(shortest_decimal(value));
}

std::string go_general_float(double value) {
  const Decimal decimal = shortest_decimal(value);
  if (value == 0) return decimal.negative ? "-0" : "0";
  const int exponent = decimal.point - 1;
  return exponent < -4 || exponent >= 6 ? with_exponent(decimal, 2) : positional(decimal);
}

std::string go_fixed_float(double value) {
  if (value == 0) return std::signbit(value) ? "-0" : "0";
  return positional(shortest_decimal(value));
}

std::string go_yaml_number(std::string_view json_text) {
  if (const auto integer = go_integer(json_text)) return *integer;
  if (const auto value = go_float(json_text)) return go_general_float(*value);
  return std::string(json_text);
}

}  // namespace primocane
