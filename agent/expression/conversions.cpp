// SPDX-License-Identifier: Apache-2.0
#include "expression/conversions.hpp"

#include "base/letter_case.hpp"
#include "document/go_number.hpp"
#include "document/letters.hpp"
#include "document/utf8.hpp"
#include "expression/arithmetic.hpp"
#include "expression/number.hpp"
#include "expression/times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

using Converted = std::optional<CelValue>;

// strconv.ParseBool.
Converted bool_of(std::string_view text) {
  constexpr auto yes = std::to_array<std::string_view>({"1", "t", "T", "TRUE", "true", "True"});
  constexpr auto no = std::to_array<std::string_view>({"0", "f", "F", "FALSE", "false", "False"});
  if (std::ranges::find(yes, text) != yes.end()) return CelValue(true);
  if (std::ranges::find(no, text) != no.end()) return CelValue(false);
  return std::nullopt;
}

template <typename T>
Converted whole_of(std::string_view text) {
  // ParseInt takes a plus, ParseUint no sign; from_chars takes a minus alone, and no sign.
  if (std::numeric_limits<T>::is_signed && text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  T value{};
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != end) return std::nullopt;
  return CelValue(value);
}

// Underscores that stand between digits do not count.
std::optional<std::string> without_underscores(std::string_view text) {
  std::string result;
  for (std::size_t index = 0; index < text.size(); ++index) {
    if (text[index] != '_') {
      result += text[index];
      continue;
    }
    const bool is_inside = index > 0 && index + 1 < text.size() && is_digit(text[index - 1]) &&
                           is_digit(text[index + 1]);
    if (!is_inside) return std::nullopt;
  }
  return result;
}

// strconv.ParseFloat.
Converted real_of(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  const std::string_view unsigned_text =
      is_negative || text.starts_with('+') ? text.substr(1) : text;
  const std::string word = in_lower_case(std::string(unsigned_text.substr(0, 9)));
  if (word == "inf" || word == "infinity") {
    const double infinity = std::numeric_limits<double>::infinity();
    return CelValue(is_negative ? -infinity : infinity);
  }
  if (word == "nan" && unsigned_text.size() == text.size()) {
    return CelValue(std::numeric_limits<double>::quiet_NaN());
  }
  const auto digits = without_underscores(text);
  const auto value = digits ? go_float(*digits) : std::nullopt;
  if (!value) return std::nullopt;
  return CelValue(*value);
}

std::string real_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Inf" : "+Inf";
  return go_general_float(value);
}

Converted to_whole(const CelValue& value) {
  if (value.is(CelKind::integer)) return value;
  if (const auto* natural = value.as<std::uint64_t>()) {
    if (*natural > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return std::nullopt;
    }
    return CelValue(static_cast<std::int64_t>(*natural));
  }
  if (const auto* real = value.as<double>()) {
    const auto integer = to_integer(*real);
    return integer ? Converted(*integer) : std::nullopt;
  }
  if (const auto* duration = value.as<CelDuration>()) return CelValue(duration->nanoseconds);
  if (const auto* time = value.as<CelTimestamp>()) return CelValue(time->instant.seconds);
  return value.is(CelKind::text) ? whole_of<std::int64_t>(value.view()) : std::nullopt;
}

Converted to_natural(const CelValue& value) {
  if (value.is(CelKind::unsigned_integer)) return value;
  if (const auto* integer = value.as<std::int64_t>()) {
    if (*integer < 0) return std::nullopt;
    return CelValue(static_cast<std::uint64_t>(*integer));
  }
  if (const auto* real = value.as<double>()) {
    const auto natural = to_unsigned(*real);
    return natural ? Converted(*natural) : std::nullopt;
  }
  return value.is(CelKind::text) ? whole_of<std::uint64_t>(value.view()) : std::nullopt;
}

Converted to_real(const CelValue& value) {
  if (value.is(CelKind::real)) return value;
  if (const auto* integer = value.as<std::int64_t>()) {
    return CelValue(static_cast<double>(*integer));
  }
  if (const auto* natural = value.as<std::uint64_t>()) {
    return CelValue(static_cast<double>(*natural));
  }
  return value.is(CelKind::text) ? real_of(value.view()) : std::nullopt;
}

Converted to_text(const CelValue& value) {
  if (value.is(CelKind::text)) return value;
  if (const auto* boolean = value.as<bool>()) return CelValue::text(*boolean ? "true" : "false");
  if (const auto* integer = value.as<std::int64_t>()) {
    return CelValue::text(fmt::format("{}", *integer));
  }
  if (const auto* natural = value.as<std::uint64_t>()) {
    return CelValue::text(fmt::format("{}", *natural));
  }
  if (const auto* real = value.as<double>()) return CelValue::text(real_text(*real));
  if (const auto* time = value.as<CelTimestamp>()) return CelValue::text(time_text(*time));
  if (const auto* duration = value.as<CelDuration>()) {
    return CelValue::text(duration_text(*duration));
  }
  const auto* bytes = value.as<CelBytes>();
  return bytes != nullptr && is_utf8(bytes->bytes.view) ? Converted(bytes->bytes) : std::nullopt;
}

Converted to_timestamp(const CelValue& value) {
  if (value.is(CelKind::timestamp)) return value;
  if (const auto* integer = value.as<std::int64_t>()) {
    return checked_timestamp({.instant = {.seconds = *integer}});
  }
  return value.is(CelKind::text) ? read_timestamp(value.view()) : std::nullopt;
}

Converted converted(Function function, const CelValue& value) {
  const auto* text = value.as<CelText>();
  if (function == Function::to_bool) {
    if (value.is(CelKind::boolean)) return value;
    return text == nullptr ? std::nullopt : bool_of(text->view);
  }
  if (function == Function::to_bytes) {
    if (value.is(CelKind::bytes)) return value;
    return text == nullptr ? std::nullopt : Converted(CelBytes{*text});
  }
  if (function == Function::to_duration) {
    // From an int it is declared, but cel-go's value has no such form.
    if (value.is(CelKind::duration)) return value;
    return text == nullptr ? std::nullopt : read_duration(text->view);
  }
  if (function == Function::to_double) return to_real(value);
  if (function == Function::to_int) return to_whole(value);
  if (function == Function::to_string) return to_text(value);
  if (function == Function::to_timestamp) return to_timestamp(value);
  if (function == Function::to_type) return CelValue(value.kind());
  if (function == Function::to_uint) return to_natural(value);
  return value;  // dyn
}

}  // namespace

Result<CelValue> convert(Function function, const CelValue& value, Budget& budget) {
  budget.look_at(value.view().size());
  auto result = converted(function, value);
  if (result) return std::move(*result);
  if (!value.is(CelKind::text)) return no_overload(function, value);
  return fail(ErrorKind::invalid, fmt::format("the string is no {}", to_string(function)));
}

}  // namespace primocane
