// SPDX-License-Identifier: Apache-2.0
#include "document/rfc3339.hpp"

#include "document/letters.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>

namespace primocane {

namespace {

constexpr std::int64_t seconds_of_minute = 60;
constexpr std::int64_t seconds_of_hour = 60 * seconds_of_minute;
constexpr std::int64_t seconds_of_day = 24 * seconds_of_hour;
constexpr std::size_t digits_of_nanosecond = 9;

// Takes numbers off the front of a text; once one is missing, `failed` stays true.
struct TimeText {
  std::string_view text;
  bool failed = false;

  int number(std::size_t digits_min, std::size_t digits_max, int highest) {
    int value = 0;
    std::size_t count = 0;
    for (; count < digits_max && count < text.size() && is_digit(text[count]); ++count) {
      value = value * 10 + (text[count] - '0');
    }
    if (count < digits_min || value > highest) failed = true;
    text.remove_prefix(count);
    return value;
  }

  bool takes(std::string_view letters) {
    if (text.empty() || letters.find(text.front()) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
  }

  void expect(std::string_view letters) {
    if (!takes(letters)) failed = true;
  }
};

// Digits beyond the ninth are dropped.
std::int32_t fraction(TimeText& rest) {
  // A "." that no digit follows belongs to no fraction.
  if (!rest.takes(".,")) return 0;
  std::int32_t nanoseconds = 0;
  std::size_t count = 0;
  for (; !rest.text.empty() && is_digit(rest.text.front()); ++count) {
    if (count < digits_of_nanosecond) nanoseconds = nanoseconds * 10 + (rest.text.front() - '0');
    rest.text.remove_prefix(1);
  }
  if (count == 0) rest.failed = true;
  for (; count < digits_of_nanosecond; ++count) nanoseconds *= 10;
  return nanoseconds;
}

std::int64_t offset(TimeText& rest) {
  if (rest.takes("Z")) return 0;
  const bool is_west = rest.text.starts_with('-');
  rest.expect("+-");
  // Go takes offsets of 24 hours and of 60 minutes: time/format.go, "as some people do write".
  const int hours = rest.number(2, 2, 24);
  rest.expect(":");
  const int minutes = rest.number(2, 2, 60);
  const std::int64_t seconds = hours * seconds_of_hour + minutes * seconds_of_minute;
  return is_west ? -seconds : seconds;
}

}  // namespace

std::optional<Instant> parse_rfc3339(std::string_view text) {
  TimeText rest{text};
  const int year = rest.number(4, 4, 9999);
  rest.expect("-");
  const int month = rest.number(2, 2, 12);
  rest.expect("-");
  const int day = rest.number(2, 2, 31);
  rest.expect("T");
  const int hour = rest.number(1, 2, 23);
  rest.expect(":");
  const int minute = rest.number(2, 2, 59);
  rest.expect(":");
  const int second = rest.number(2, 2, 59);
  const std::int32_t nanoseconds = fraction(rest);
  const std::int64_t ahead = offset(rest);
  if (rest.failed || !rest.text.empty()) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return Instant{.seconds = days * seconds_of_day + hour * seconds_of_hour +
                            minute * seconds_of_minute + second - ahead,
                 .nanoseconds = nanoseconds};
}

std::string to_rfc3339(Instant time) {
  const std::chrono::sys_seconds point{std::chrono::seconds(time.seconds)};
  const auto days = std::chrono::floor<std::chrono::days>(point);
  const std::chrono::year_month_day date(days);
  const std::int64_t rest = (point - days).count();
  std::string text = fmt::format(
      "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      rest / seconds_of_hour, rest % seconds_of_hour / seconds_of_minute, rest % seconds_of_minute);
  if (time.nanoseconds != 0) {
    std::string digits = fmt::format(".{:09}", time.nanoseconds);
    digits.erase(digits.find_last_not_of('0') + 1);
    text += digits;
  }
  return text + "Z";
}

}  // namespace primocane
