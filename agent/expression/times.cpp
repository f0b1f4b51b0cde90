// SPDX-License-Identifier: Apache-2.0
#include "expression/times.hpp"

#include "document/go_number.hpp"
#include "document/letters.hpp"
#include "expression/arithmetic.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <limits>

namespace primocane {

namespace {

constexpr std::int64_t nanoseconds_of_second = 1'000'000'000;
constexpr std::int64_t first_second = -62'135'596'800;  // of the year 1
constexpr std::int64_t last_second = 253'402'300'799;   // of the year 9999
constexpr std::int32_t seconds_of_minute = 60;
constexpr std::int32_t minutes_of_hour = 60;
constexpr std::uint64_t magnitude_max = 1ULL << 63U;

std::unexpected<Error> out_of_range(std::string_view what) {
  return fail(ErrorKind::invalid, fmt::format("the {} is out of range", what));
}

Result<CelValue> moved(const CelTimestamp& time, const CelDuration& by, Function function) {
  const bool is_back = function == Function::subtract;
  const std::int64_t seconds = by.nanoseconds / nanoseconds_of_second;
  std::int64_t rest = by.nanoseconds % nanoseconds_of_second;
  if (is_back) rest = -rest;
  CelTimestamp result = time;
  result.instant.seconds += is_back ? -seconds : seconds;
  rest += time.instant.nanoseconds;
  if (rest < 0) {
    rest += nanoseconds_of_second;
    --result.instant.seconds;
  } else if (rest >= nanoseconds_of_second) {
    rest -= nanoseconds_of_second;
    ++result.instant.seconds;
  }
  result.instant.nanoseconds = static_cast<std::int32_t>(rest);
  auto checked = checked_timestamp(result);
  if (!checked) return out_of_range("timestamp");
  return std::move(*checked);
}

Result<CelValue> between(const CelTimestamp& later, const CelTimestamp& earlier) {
  std::int64_t nanoseconds = 0;
  const std::int64_t seconds = later.instant.seconds - earlier.instant.seconds;
  const std::int64_t rest = later.instant.nanoseconds - earlier.instant.nanoseconds;
  if (__builtin_mul_overflow(seconds, nanoseconds_of_second, &nanoseconds) ||
      __builtin_add_overflow(nanoseconds, rest, &nanoseconds)) {
    return out_of_range("duration");
  }
  return CelValue(CelDuration{nanoseconds});
}

// Seconds east of UTC. cel-go reads hours and minutes as numbers of any size.
std::optional<std::int32_t> zone_offset(std::string_view zone) {
  if (zone.empty() || zone == "UTC") return 0;
  const std::size_t colon = zone.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto number = [](std::string_view text) -> std::optional<std::int32_t> {
    const bool has_plus = text.starts_with('+');
    if (has_plus) text.remove_prefix(1);
    std::int32_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_number = error == std::errc() && rest == end && std::abs(value) < 1000;
    if (!is_number || (has_plus && text.starts_with('-'))) return std::nullopt;
    return value;
  };
  const auto hours = number(zone.substr(0, colon));
  const auto minutes = number(zone.substr(colon + 1));
  if (!hours || !minutes) return std::nullopt;
  const std::int32_t sign = zone.starts_with('-') ? -1 : 1;
  return (*hours * minutes_of_hour + sign * *minutes) * seconds_of_minute;
}

// Go's Duration.Hours and its like are doubles, rounded before they are cut.
CelValue whole_units(const CelDuration& duration, std::int64_t unit) {
  const std::int64_t whole = duration.nanoseconds / unit;
  const auto rest = static_cast<double>(duration.nanoseconds % unit);
  return static_cast<std::int64_t>(static_cast<double>(whole) + rest / static_cast<double>(unit));
}

Result<CelValue> part_of_duration(Function function, const CelValue& value) {
  const CelDuration& duration = *value.as<CelDuration>();
  if (function == Function::get_hours) return whole_units(duration, 3600 * nanoseconds_of_second);
  if (function == Function::get_minutes) return whole_units(duration, 60 * nanoseconds_of_second);
  if (function == Function::get_seconds) return whole_units(duration, nanoseconds_of_second);
  if (function == Function::get_milliseconds) return CelValue(duration.nanoseconds / 1'000'000);
  return no_overload(function, value);
}

std::int64_t part_of(Function function, Instant instant) {
  const std::chrono::sys_seconds point{std::chrono::seconds(instant.seconds)};
  const auto days = std::chrono::floor<std::chrono::days>(point);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss time(point - days);
  if (function == Function::get_full_year) return static_cast<int>(date.year());
  if (function == Function::get_month) return static_cast<unsigned>(date.month()) - 1;
  if (function == Function::get_day_of_year) {
    return (days - std::chrono::sys_days(date.year() / 1 / 1)).count();
  }
  if (function == Function::get_day_of_month) return static_cast<unsigned>(date.day()) - 1;
  if (function == Function::get_date) return static_cast<unsigned>(date.day());
  if (function == Function::get_day_of_week) return std::chrono::weekday(days).c_encoding();
  if (function == Function::get_hours) return time.hours().count();
  if (function == Function::get_minutes) return time.minutes().count();
  if (function == Function::get_seconds) return time.seconds().count();
  return instant.nanoseconds / 1'000'000;
}

struct DurationUnit {
  std::string_view name;
  std::uint64_t nanoseconds;
};

constexpr auto duration_units_of_go = std::to_array<DurationUnit>({
    {"ns", 1},
    {"us", 1'000},
    {"\u00b5s", 1'000},
    {"\u03bcs", 1'000},
    {"ms", 1'000'000},
    {"s", 1'000'000'000},
    {"m", 60'000'000'000},
    {"h", 3'600'000'000'000},
});

std::optional<std::uint64_t> take_digits(std::string_view& text) {
  std::uint64_t value = 0;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
    if (value > magnitude_max / 10) return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(text.front() - '0');
    if (value > magnitude_max) return std::nullopt;
  }
  return value;
}

struct Fraction {
  double digits = 0;
  double scale = 1;
};

// Digits that no longer fit are dropped.
Fraction take_fraction(std::string_view& text) {
  Fraction fraction;
  std::uint64_t digits = 0;
  for (bool is_full = false; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
    is_full = is_full || digits > (magnitude_max - 1) / 10;
    if (is_full) continue;
    const std::uint64_t next = digits * 10 + static_cast<std::uint64_t>(text.front() - '0');
    is_full = next > magnitude_max;
    if (is_full) continue;
    digits = next;
    fraction.scale *= 10;
  }
  fraction.digits = static_cast<double>(digits);
  return fraction;
}

// One number and its unit, in nanoseconds.
std::optional<std::uint64_t> take_duration_part(std::string_view& text) {
  const std::size_t length = text.size();
  const auto whole = take_digits(text);
  if (!whole) return std::nullopt;
  std::size_t digits = length - text.size();
  Fraction fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const std::size_t before = text.size();
    fraction = take_fraction(text);
    digits += before - text.size();
  }
  if (digits == 0) return std::nullopt;
  const std::string_view name = text.substr(0, text.find_first_of(".0123456789"));
  for (const DurationUnit& unit : duration_units_of_go) {
    if (name != unit.name) continue;
    text.remove_prefix(name.size());
    if (*whole > magnitude_max / unit.nanoseconds) return std::nullopt;
    const auto unit_size = static_cast<double>(unit.nanoseconds);
    return *whole * unit.nanoseconds +
           static_cast<std::uint64_t>(fraction.digits * (unit_size / fraction.scale));
  }
  return std::nullopt;
}

}  // namespace

std::optional<CelValue> checked_timestamp(CelTimestamp time) {
  if (time.instant.seconds < first_second || time.instant.seconds > last_second) {
    return std::nullopt;
  }
  return CelValue(time);
}

Result<CelValue> calculate_times(Function function, const CelValue& left, const CelValue& right) {
  const auto* time = left.as<CelTimestamp>();
  const auto* other_time = right.as<CelTimestamp>();
  const auto* duration = left.as<CelDuration>();
  const auto* other_duration = right.as<CelDuration>();
  const bool is_addition = function == Function::add;
  if (time != nullptr && other_duration != nullptr) return moved(*time, *other_duration, function);
  if (duration != nullptr && other_time != nullptr && is_addition) {
    return moved(*other_time, *duration, function);
  }
  if (time != nullptr && other_time != nullptr && !is_addition) return between(*time, *other_time);
  if (duration == nullptr || other_duration == nullptr) return no_overload(function, left, right);
  std::int64_t sum = 0;
  const bool is_lost =
      is_addition
          ? __builtin_add_overflow(duration->nanoseconds, other_duration->nanoseconds, &sum)
          : __builtin_sub_overflow(duration->nanoseconds, other_duration->nanoseconds, &sum);
  if (is_lost) return out_of_range("duration");
  return CelValue(CelDuration{sum});
}

Result<CelValue> part_of_time(Function function, std::span<const CelValue> arguments) {
  const CelValue& value = arguments.front();
  if (value.is(CelKind::duration) && arguments.size() == 1) {
    return part_of_duration(function, value);
  }
  const auto* time = value.as<CelTimestamp>();
  if (time == nullptr) return no_overload(function, value);
  Instant instant = time->instant;
  if (arguments.size() == 2) {
    if (!arguments[1].is(CelKind::text)) return no_overload(function, value, arguments[1]);
    const auto offset = zone_offset(arguments[1].view());
    if (!offset) {
      return fail(ErrorKind::invalid, "a time zone must be an offset like +02:00, or UTC");
    }
    instant.seconds += *offset;
  }
  return CelValue(part_of(function, instant));
}

std::string time_text(CelTimestamp time) {
  if (time.offset == 0) return to_rfc3339(time.instant);
  Instant local = time.instant;
  local.seconds += time.offset;
  std::string text = to_rfc3339(local);
  text.pop_back();  // the "Z"
  const std::int32_t minutes = std::abs(time.offset) / seconds_of_minute;
  return fmt::format("{}{}{:02}:{:02}", text, time.offset < 0 ? '-' : '+',
                     minutes / minutes_of_hour, minutes % minutes_of_hour);
}

std::string duration_text(CelDuration duration) {
  const std::int64_t seconds = duration.nanoseconds / nanoseconds_of_second;
  const auto rest = static_cast<double>(duration.nanoseconds % nanoseconds_of_second);
  return go_fixed_float(static_cast<double>(seconds) + rest / 1e9) + "s";
}

std::optional<CelValue> read_duration(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return CelValue(CelDuration{});
  if (text.empty()) return std::nullopt;
  std::uint64_t sum = 0;
  while (!text.empty()) {
    const auto part = take_duration_part(text);
    if (!part || *part > magnitude_max || sum + *part > magnitude_max) return std::nullopt;
    sum += *part;
  }
  if (is_negative) return CelValue(CelDuration{static_cast<std::int64_t>(0 - sum)});
  if (sum == magnitude_max) return std::nullopt;
  return CelValue(CelDuration{static_cast<std::int64_t>(sum)});
}

std::optional<CelValue> read_timestamp(std::string_view text) {
  const auto instant = parse_rfc3339(text);
  if (!instant) return std::nullopt;
  CelTimestamp time{.instant = *instant};
  if (!text.ends_with('Z')) {
    // "+02:00": what it names was added to reach UTC.
    const auto number = [&](std::size_t from_end) {
      const std::string_view digits = text.substr(text.size() - from_end, 2);
      return (digits[0] - '0') * 10 + (digits[1] - '0');
    };
    const std::int32_t seconds = (number(5) * minutes_of_hour + number(2)) * seconds_of_minute;
    time.offset = text[text.size() - 6] == '-' ? -seconds : seconds;
  }
  return checked_timestamp(time);
}

}  // namespace primocane
