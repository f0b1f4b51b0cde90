// SPDX-License-Identifier: Apache-2.0
#include "cli/since.hpp"

#include "base/quantity.hpp"
#include "report/status.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string>

namespace primocane {

namespace {

constexpr std::size_t date_length = 10;  // 2026-11-23

// As read_time() takes it, of what people leave out.
std::string completed(std::string_view text) {
  if (text.size() == date_length) return fmt::format("{}T00:00:00Z", text);
  std::string time(text);
  if (time.size() > date_length && time[date_length] == ' ') time[date_length] = 'T';
  if (!time.ends_with('Z')) time += 'Z';
  return time;
}

}  // namespace

Result<Since> parse_since(std::string_view text) {
  if (const auto ago = parse_duration(text)) return Since(*ago);
  if (const auto time = read_time(completed(text))) return Since(*time);
  return fail(ErrorKind::invalid,
              fmt::format("\"{}\" is neither a duration like 30m or 2h, nor a time like "
                          "2026-11-23T19:08:47Z, nor a date like 2026-11-23",
                          text));
}

WallTime time_of(const Since& since, WallTime now) {
  if (const WallTime* time = std::get_if<WallTime>(&since)) return *time;
  // Nothing that anybody asks for is older than the count of time.
  const Duration ago = std::get<Duration>(since);
  return ago < now.time_since_epoch() ? now - ago : WallTime();
}

}  // namespace primocane
