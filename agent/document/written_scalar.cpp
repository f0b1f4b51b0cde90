// SPDX-License-Identifier: Apache-2.0
#include "document/written_scalar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <system_error>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t date_length = 10;  // "2001-12-14"
constexpr std::size_t zeros_max = 255;

bool is_zeros(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos && text.size() <= zeros_max;
}

Spelling zeros(Writing writing, std::size_t count) {
  return {.writing = writing, .zeros = static_cast<std::uint8_t>(count)};
}

Spelling spelling_of_word(std::string_view text) {
  if (text.empty()) return {.writing = Writing::nothing};
  if (text == "~") return {.writing = Writing::tilde};
  const auto is_upper = [](char letter) { return letter >= 'A' && letter <= 'Z'; };
  if (!is_upper(text.front())) return {};
  return {.writing = is_upper(text.back()) ? Writing::upper_case : Writing::capitalized};
}

Spelling spelling_of_real(std::string_view json, std::string_view text) {
  if (!text.starts_with(json)) return {.writing = Writing::lost_real};
  text.remove_prefix(json.size());
  if (json.find_first_of("eE") != std::string_view::npos) {
    return text.empty() ? zeros(Writing::real, 0) : Spelling{.writing = Writing::lost_real};
  }
  const bool has_point = json.find('.') != std::string_view::npos;
  if (!has_point && text.starts_with('.') && text.size() > 1) {
    text.remove_prefix(1);
  } else if (!has_point && !text.empty()) {
    return {.writing = Writing::lost_real};
  }
  return is_zeros(text) ? zeros(Writing::real, text.size())
                        : Spelling{.writing = Writing::lost_real};
}

std::optional<std::string> octal_digits(std::string_view decimal) {
  std::uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(decimal.data(), decimal.data() + decimal.size(), number);
  if (error != std::errc() || end != decimal.data() + decimal.size()) return std::nullopt;
  return fmt::format("{:o}", number);
}

Spelling spelling_of_integer(std::string_view json, std::string_view text) {
  if (text == json) return {};
  const auto digits = octal_digits(json);
  if (digits && text.ends_with(*digits)) {
    text.remove_suffix(digits->size());
    if (is_zeros(text)) return zeros(Writing::octal, text.size());
  }
  return {.writing = Writing::lost_integer};
}

Spelling spelling_of_time(std::string_view rfc, std::string_view text) {
  if (text == rfc) return {.writing = Writing::time};
  if (text == rfc.substr(0, date_length)) return {.writing = Writing::date};
  return {.writing = Writing::lost_time};
}

std::string word_of(const Value& value) {
  return value.is_null() ? std::string("null") : std::string(value.scalar_text());
}

std::string real_text(std::string text, std::size_t zeros) {
  if (zeros == 0) return text;
  if (text.find('.') == std::string::npos) text += '.';
  return text.append(zeros, '0');
}

char to_upper(char letter) {
  return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

bool is_one_of(Writing writing, std::initializer_list<Writing> ones) {
  return std::ranges::find(ones, writing) != ones.end();
}

std::string_view name_of(ScalarType type) {
  switch (type) {
    case ScalarType::null:
      return "null";
    case ScalarType::boolean:
      return "true or false";
    case ScalarType::integer:
      return "an integer";
    case ScalarType::real:
      return "a number";
    case ScalarType::timestamp:
      return "a timestamp";
    case ScalarType::string:
      break;
  }
  return "a string";
}

}  // namespace

ScalarType scalar_type(const Value& value) {
  const Writing writing = value.spelling().writing;
  if (is_one_of(writing, {Writing::date, Writing::time, Writing::lost_time})) {
    return ScalarType::timestamp;
  }
  if (value.is_null()) return ScalarType::null;
  if (value.as_bool() != nullptr) return ScalarType::boolean;
  const Number* number = value.as_number();
  if (number == nullptr) return ScalarType::string;
  const bool is_real = is_one_of(writing, {Writing::real, Writing::lost_real}) ||
                       number->text.find_first_of(".eE") != std::string::npos;
  return is_real ? ScalarType::real : ScalarType::integer;
}

Spelling spelling_of(const TypedScalar& scalar, std::string_view text) {
  switch (scalar.type) {
    case ScalarType::null:
    case ScalarType::boolean:
      return spelling_of_word(text);
    case ScalarType::integer:
      return spelling_of_integer(scalar.value.scalar_text(), text);
    case ScalarType::real:
      return spelling_of_real(scalar.value.scalar_text(), text);
    case ScalarType::timestamp:
      return spelling_of_time(scalar.value.scalar_text(), text);
    case ScalarType::string:
      break;
  }
  return {};
}

std::optional<std::string> written_text(const Value& value) {
  const Spelling spelling = value.spelling();
  if (value.is_array() || value.is_object()) return std::string();
  std::string word = word_of(value);
  switch (spelling.writing) {
    case Writing::as_json:
    case Writing::time:
      return word;
    case Writing::nothing:
      return std::string();
    case Writing::tilde:
      return std::string("~");
    case Writing::capitalized:
      word.front() = to_upper(word.front());
      return word;
    case Writing::upper_case:
      std::ranges::transform(word, word.begin(), to_upper);
      return word;
    case Writing::real:
      return real_text(std::move(word), spelling.zeros);
    case Writing::octal:
      return std::string(spelling.zeros, '0') + octal_digits(word).value_or(word);
    case Writing::date:
      return word.substr(0, date_length);
    case Writing::lost_integer:
    case Writing::lost_real:
    case Writing::lost_time:
      break;
  }
  return std::nullopt;
}

std::string text_as_written(const Value& value) {
  return written_text(value).value_or(std::string(value.scalar_text()));
}

Result<void> set_scalar_text(Value& target, std::string_view text) {
  const std::uint32_t line = target.line();
  const Spelling before = target.spelling();
  const ScalarType wanted = scalar_type(target);
  if (target.spelling().is_untagged) {
    target = TRY(untagged_scalar(text));
  } else if (wanted == ScalarType::string) {
    target = text;
  } else {
    TypedScalar scalar = TRY(type_plain_scalar(text));
    const bool is_widened = scalar.type == ScalarType::integer && wanted == ScalarType::real;
    if (scalar.type != wanted && !is_widened) {
      return fail(ErrorKind::invalid, fmt::format("{} is needed there", name_of(wanted)));
    }
    target =
        is_widened ? TRY(tagged_scalar("tag:yaml.org,2002:float", text)) : std::move(scalar.value);
  }
  target.set_line(line);
  Spelling spelling = target.spelling();
  spelling.is_quoted = before.is_quoted;
  spelling.forms = before.forms;
  target.set_spelling(spelling);
  return {};
}

Result<Value> untagged_scalar(std::string_view text) {
  Value value = TRY(plain_scalar(text));
  Spelling spelling = value.spelling();
  spelling.is_untagged = true;
  value.set_spelling(spelling);
  return value;
}

}  // namespace primocane
