// SPDX-License-Identifier: Apache-2.0
#include "resource/pause.hpp"

#include "document/rfc3339.hpp"

#include <chrono>
#include <cstdint>

namespace primocane {

namespace {

// A WallTime counts nanoseconds, which ends in the year 2262.
constexpr std::int64_t seconds_max =
    std::chrono::duration_cast<std::chrono::seconds>(WallTime::max().time_since_epoch()).count() -
    1;

}  // namespace

std::string write_pause(const Pause& pause) {
  if (!pause.until) return std::string(further_notice);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(pause.until->time_since_epoch());
  return to_rfc3339({.seconds = seconds.count(), .nanoseconds = 0});
}

Pause read_pause(std::string_view text) {
  const std::optional<Instant> time = parse_rfc3339(text);
  if (!time || time->seconds > seconds_max || time->seconds < 0) return {};
  return {.until = WallTime(std::chrono::seconds(time->seconds)) +
                   std::chrono::nanoseconds(time->nanoseconds)};
}

bool is_over(const Pause& pause, WallTime now) { return pause.until && *pause.until <= now; }

std::string until_words(const Pause& pause) {
  return pause.until ? "until " + write_pause(pause) : "until further notice";
}

}  // namespace primocane
