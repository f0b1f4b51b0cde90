// SPDX-License-Identifier: Apache-2.0
#include "document/timestamp.hpp"

#include "document/letters.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <cstdlib>

namespace primocane {

namespace {

// Takes what Go's time.Parse would take from the front of a text; once something is missing, all
// that follows is ignored.
class Cursor {
 public:
  explicit Cursor(std::string_view rest) : rest_(rest) {}

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool next_is(char letter) const { return rest_.starts_with(letter); }

  void expect(char letter) {
    if (!rest_.starts_with(letter)) failed_ = true;
    drop();
  }

  void skip_spaces() {
    while (next_is(' ')) drop();
  }

  // A number of at least `digits_min` and at most `digits_max` digits, within the bounds.
  int number(std::size_t digits_min, std::size_t digits_max, int lowest, int highest) {
    int value = 0;
    std::size_t count = 0;
    for (; count < digits_max && !rest_.empty() && is_digit(rest_.front()); ++count) {
      value = value * 10 + (rest_.front() - '0');
      drop();
    }
    if (count < digits_min || value < lowest || value > highest) failed_ = true;
    return value;
  }

  // The digits after a point or comma without the zeros at their end; nanoseconds at most.
  std::string fraction() {
    if (rest_.size() < 2 || (rest_[0] != '.' && rest_[0] != ',') || !is_digit(rest_[1])) return {};
    drop();
    std::string digits;
    for (; !rest_.empty() && is_digit(rest_.front()); drop()) {
      if (digits.size() < 9) digits += rest_.front();
    }
    while (digits.ends_with('0')) digits.pop_back();
    return digits;
  }

  // "Z" or "+05:30", in minutes east of Greenwich.
  int zone() {
    if (next_is('Z')) {
      drop();
      return 0;
    }
    const bool is_west = next_is('-');
    if (!is_west && !next_is('+')) failed_ = true;
    drop();
    const int hours = number(2, 2, 0, 23);
    expect(':');
    const int minutes = number(2, 2, 0, 59);
    return (is_west ? -1 : 1) * (hours * 60 + minutes);
  }

 private:
  void drop() {
    if (!rest_.empty()) rest_.remove_prefix(1);
  }

  std::string_view rest_;
  bool failed_ = false;
};

std::string zone_text(int minutes) {
  if (minutes == 0) return "Z";
  return fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60,
                     std::abs(minutes) % 60);
}

}  // namespace

// The formats are go-yaml's allowedTimestampFormats (resolve.go).
std::optional<std::string> go_timestamp(std::string_view text) {
  Cursor cursor(text);
  const int year = cursor.number(4, 4, 0, 9999);
  cursor.expect('-');
  const int month = cursor.number(1, 2, 1, 12);
  cursor.expect('-');
  const int day = cursor.number(1, 2, 1, 31);
  if (cursor.failed()) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)});
  if (!date.ok()) return std::nullopt;
  const std::string day_text = fmt::format("{:04}-{:02}-{:02}", year, month, day);
  if (cursor.at_end()) return day_text + "T00:00:00Z";

  const bool has_zone = !cursor.next_is(' ');
  if (has_zone) {
    cursor.expect(cursor.next_is('t') ? 't' : 'T');
  } else {
    cursor.skip_spaces();
  }
  const int hour = cursor.number(1, 2, 0, 23);
  cursor.expect(':');
  const int minute = cursor.number(1, 2, 0, 59);
  cursor.expect(':');
  const int second = cursor.number(1, 2, 0, 59);
  const std::string fraction = cursor.fraction();
  const int zone = has_zone ? cursor.zone() : 0;
  if (cursor.failed() || !cursor.at_end()) return std::nullopt;
  return fmt::format("{}T{:02}:{:02}:{:02}{}{}{}", day_text, hour, minute, second,
                     fraction.empty() ? "" : ".", fraction, zone_text(zone));
}

}  // namespace primocane
