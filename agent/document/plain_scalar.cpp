// SPDX-License-Identifier: Apache-2.0
#include "document/plain_scalar.hpp"

#include "base/base64.hpp"
#include "document/go_number.hpp"
#include "document/letters.hpp"
#include "document/timestamp.hpp"
#include "document/utf8.hpp"
#include "document/written_scalar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view yaml_tags = "tag:yaml.org,2002:";

// Asked of every string that is read or printed: arrays, not lists that are made for each call.
template <std::size_t count>
using Words = std::array<std::string_view, count>;

constexpr std::size_t longest_word = 5;
constexpr Words<5> null_words = {"", "~", "null", "Null", "NULL"};
constexpr Words<3> true_words = {"true", "True", "TRUE"};
constexpr Words<3> false_words = {"false", "False", "FALSE"};
// Words that YAML 1.1 takes for booleans and YAML 1.2 does not.
constexpr Words<8> old_true_words = {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON"};
constexpr Words<8> old_false_words = {"n", "N", "no", "No", "NO", "off", "Off", "OFF"};
constexpr Words<3> nan_words = {".nan", ".NaN", ".NAN"};
constexpr Words<3> infinity_words = {".inf", ".Inf", ".INF"};

template <std::size_t count>
bool is_one_of(std::string_view text, const Words<count>& words) {
  return text.size() <= longest_word && std::ranges::find(words, text) != words.end();
}

bool is_null_word(std::string_view text) { return is_one_of(text, null_words); }

std::optional<bool> boolean_word(std::string_view text) {
  if (is_one_of(text, true_words)) return true;
  if (is_one_of(text, false_words)) return false;
  return std::nullopt;
}

bool is_old_true(std::string_view text) { return is_one_of(text, old_true_words); }

bool is_old_boolean(std::string_view text) {
  return is_old_true(text) || is_one_of(text, old_false_words);
}

bool is_infinity_or_nan(std::string_view text) {
  if (is_one_of(text, nan_words)) return true;
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  return is_one_of(text, infinity_words);
}

// YAML 1.1's sexagesimal numbers, "1:30" or "190:20:30.15":
// [-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?
bool is_base60(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || !is_digit(text.front())) return false;
  const auto skip = [&text](auto matches) {
    const auto* const stop = std::ranges::find_if_not(text, matches);
    text.remove_prefix(static_cast<std::size_t>(stop - text.begin()));
  };
  const auto is_digit_or_underscore = [](char letter) { return is_digit(letter) || letter == '_'; };
  skip(is_digit_or_underscore);
  std::size_t places = 0;
  for (; text.starts_with(':'); ++places) {
    text.remove_prefix(1);
    if (text.empty() || !is_digit(text.front())) return false;
    const bool two_digits = text.size() > 1 && is_digit(text[1]);
    if (two_digits && text.front() > '5') return false;
    text.remove_prefix(two_digits ? 2 : 1);
  }
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    skip(is_digit_or_underscore);
  }
  return places > 0 && text.empty();
}

// Go's rule for underscores in a number that begins with a point: only between digits.
bool separates_digits(std::string_view text) {
  for (std::size_t at = text.find('_'); at != std::string_view::npos; at = text.find('_', at + 1)) {
    if (at == 0 || at + 1 == text.size() || !is_digit(text[at - 1]) || !is_digit(text[at + 1])) {
      return false;
    }
  }
  return true;
}

std::string without_underscores(std::string_view text) {
  std::string kept;
  std::ranges::remove_copy(text, std::back_inserter(kept), '_');
  return kept;
}

// go-yaml tries 0b and 0o once more without their prefix, which lets a sign follow it ("0o-7").
std::optional<std::string> integer_with_inner_sign(std::string_view text) {
  if (text.starts_with("0b")) return go_integer(text.substr(2), 2);
  if (text.starts_with("0o")) return go_integer(text.substr(2), 8);
  return std::nullopt;
}

std::optional<TypedScalar> typed_number(std::string_view text) {
  const char first = text.front();
  if (first == '.') {
    const auto value = separates_digits(text) ? go_float(without_underscores(text)) : std::nullopt;
    if (!value) return std::nullopt;
    return TypedScalar{ScalarType::real, Number{go_json_float(*value)}};
  }
  if (!is_digit(first) && first != '-' && first != '+') return std::nullopt;
  const std::string digits = without_underscores(text);
  auto integer = go_integer(digits);
  if (!integer) {
    if (const auto value = go_float(digits)) {
      return TypedScalar{ScalarType::real, Number{go_json_float(*value)}};
    }
    integer = integer_with_inner_sign(digits);
  }
  if (!integer) return std::nullopt;
  return TypedScalar{ScalarType::integer, Number{std::move(*integer)}};
}

Result<Value> binary_text(std::string_view text) {
  Result<std::string> bytes = from_base64(text);
  if (!bytes) return fail(ErrorKind::invalid, "a !!binary value must be base64");
  if (!is_utf8(*bytes)) {
    return fail(ErrorKind::invalid, "a !!binary value that is not UTF-8 has no form in JSON");
  }
  return Value(std::move(*bytes));
}

std::optional<ScalarType> type_of_tag(std::string_view name) {
  if (name == "null") return ScalarType::null;
  if (name == "bool") return ScalarType::boolean;
  if (name == "int") return ScalarType::integer;
  if (name == "float") return ScalarType::real;
  if (name == "timestamp") return ScalarType::timestamp;
  return std::nullopt;
}

// An integer where !!float is asked for: rounded to a double, as Go's conversion does. go-yaml
// forgot the conversion of those beyond 63 bits.
std::optional<Value> as_real(std::string_view integer, std::string_view text) {
  const bool is_signed = integer.starts_with('-');
  constexpr std::string_view biggest = "9223372036854775807";
  if (!is_signed && (integer.size() > biggest.size() ||
                     (integer.size() == biggest.size() && integer > biggest))) {
    return std::nullopt;
  }
  TypedScalar scalar{ScalarType::real, Number{go_json_float(go_float(integer).value_or(0))}};
  scalar.value.set_spelling(spelling_of(scalar, text));
  return std::move(scalar.value);
}

// Most scalars: no number begins like them, and no word of another type is as long or begins so.
bool is_plainly_text(std::string_view text) {
  if (text.empty() || is_digit(text.front())) return false;
  constexpr std::string_view signs = "+-.";
  constexpr std::string_view first_letters = "~nNtTfFyYoO";
  return !signs.contains(text.front()) &&
         (text.size() > longest_word || !first_letters.contains(text.front()));
}

Result<TypedScalar> resolve(std::string_view text, GoYaml version) {
  if (is_plainly_text(text)) return TypedScalar{ScalarType::string, text};
  if (is_null_word(text)) return TypedScalar{};
  if (const auto boolean = boolean_word(text)) return TypedScalar{ScalarType::boolean, *boolean};
  if (version == GoYaml::v2 && is_old_boolean(text)) {
    return TypedScalar{ScalarType::boolean, is_old_true(text)};
  }
  if (is_infinity_or_nan(text)) {
    return fail(ErrorKind::invalid, fmt::format("{} has no form in JSON", text));
  }
  if (auto timestamp = go_timestamp(text)) {
    if (version == GoYaml::v2) return TypedScalar{ScalarType::timestamp, text};
    return TypedScalar{ScalarType::timestamp, std::move(*timestamp)};
  }
  if (auto number = typed_number(text)) return std::move(*number);
  return TypedScalar{ScalarType::string, text};
}

}  // namespace

Result<TypedScalar> type_plain_scalar(std::string_view text, GoYaml version) {
  TypedScalar scalar = TRY(resolve(text, version));
  if (version == GoYaml::v3) scalar.value.set_spelling(spelling_of(scalar, text));
  return scalar;
}

Result<Value> plain_scalar(std::string_view text) { return TRY(type_plain_scalar(text)).value; }

Result<Value> tagged_scalar(std::string_view tag, std::string_view text, GoYaml version) {
  if (!tag.starts_with(yaml_tags)) return Value(text);
  const std::string_view name = tag.substr(yaml_tags.size());
  if (name == "binary") return binary_text(text);
  const std::optional<ScalarType> wanted = type_of_tag(name);
  if (!wanted) return Value(text);
  TypedScalar scalar = TRY(type_plain_scalar(text, version));
  if (scalar.type == *wanted) return std::move(scalar.value);
  if (scalar.type == ScalarType::integer && *wanted == ScalarType::real) {
    if (auto real = as_real(scalar.value.scalar_text(), text)) return *std::move(real);
  }
  // Without the text, which may be a secret.
  return fail(ErrorKind::invalid, fmt::format("the value is no !!{}", name));
}

bool is_string_when_plain(std::string_view text) {
  if (is_plainly_text(text)) return true;
  if (is_old_boolean(text) || is_base60(text)) return false;
  const Result<TypedScalar> scalar = type_plain_scalar(text);
  return scalar && scalar->type == ScalarType::string;
}

}  // namespace primocane
