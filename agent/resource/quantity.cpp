// SPDX-License-Identifier: Apache-2.0
#include "resource/quantity.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <system_error>

namespace primocane {

namespace {

// Amounts in the smallest unit, a billionth ("n").
__extension__ typedef unsigned __int128 Amount;  // NOLINT(modernize-use-using)

constexpr int smallest_exponent = -9;
constexpr Amount amount_max = ~Amount{0};

struct Suffix {
  std::string_view text;
  int decimal = 0;  // power of 10
  int binary = 0;   // power of 1024
};

constexpr std::array<Suffix, 16> suffixes{{{"n", -9, 0},
                                           {"u", -6, 0},
                                           {"m", -3, 0},
                                           {"", 0, 0},
                                           {"k", 3, 0},
                                           {"M", 6, 0},
                                           {"G", 9, 0},
                                           {"T", 12, 0},
                                           {"P", 15, 0},
                                           {"E", 18, 0},
                                           {"Ki", 0, 1},
                                           {"Mi", 0, 2},
                                           {"Gi", 0, 3},
                                           {"Ti", 0, 4},
                                           {"Pi", 0, 5},
                                           {"Ei", 0, 6}}};

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

std::optional<Amount> times(Amount amount, unsigned factor) {
  if (amount > amount_max / factor) return std::nullopt;
  return amount * factor;
}

std::optional<Amount> raised(Amount amount, unsigned factor, int power) {
  std::optional<Amount> product = amount;
  for (; power > 0 && product; --power) product = times(*product, factor);
  return product;
}

// The power of ten that "e3" or "E-3" names.
std::optional<int> exponent_of(std::string_view text) {
  constexpr int exponent_max = 30;
  if (text.size() < 2 || (text.front() != 'e' && text.front() != 'E')) return std::nullopt;
  text.remove_prefix(text[1] == '+' ? 2 : 1);
  int exponent = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  const bool is_number = error == std::errc() && rest == text.data() + text.size();
  if (!is_number || exponent > exponent_max || exponent < -exponent_max) return std::nullopt;
  return exponent;
}

std::optional<Suffix> suffix_of(std::string_view text) {
  for (const Suffix& suffix : suffixes) {
    if (suffix.text == text) return suffix;
  }
  const std::optional<int> exponent = exponent_of(text);
  if (!exponent) return std::nullopt;
  return Suffix{.text = text, .decimal = *exponent};
}

struct Quantity {
  bool is_negative = false;
  Amount amount = 0;

  bool operator==(const Quantity&) const = default;
};

std::optional<Quantity> parse(std::string_view text) {
  Quantity quantity;
  if (text.starts_with('-') || text.starts_with('+')) {
    quantity.is_negative = text.front() == '-';
    text.remove_prefix(1);
  }
  std::optional<Amount> digits = Amount{0};
  int exponent = 0;
  bool has_digits = false;
  bool has_point = false;
  for (; !text.empty() && digits; text.remove_prefix(1)) {
    const char letter = text.front();
    if (letter == '.' && !has_point) {
      has_point = true;
      continue;
    }
    if (!is_digit(letter)) break;
    has_digits = true;
    digits = times(*digits, 10);
    if (digits) *digits += static_cast<unsigned>(letter - '0');
    if (has_point) --exponent;
  }
  const std::optional<Suffix> suffix = suffix_of(text);
  if (!digits || !has_digits || !suffix) return std::nullopt;
  digits = raised(*digits, 1024, suffix->binary);
  exponent += suffix->decimal - smallest_exponent;
  if (digits && exponent > 0) digits = raised(*digits, 10, exponent);
  if (!digits) return std::nullopt;
  quantity.amount = *digits;
  // The server rounds up what is smaller than its unit.
  for (; exponent < 0; ++exponent) {
    quantity.amount = quantity.amount / 10 + (quantity.amount % 10 == 0 ? 0U : 1U);
  }
  return quantity;
}

}  // namespace

bool is_same_quantity(std::string_view one, std::string_view other) {
  const std::optional<Quantity> first = parse(one);
  return first && first == parse(other);
}

}  // namespace primocane
