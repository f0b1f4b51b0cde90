// SPDX-License-Identifier: Apache-2.0
// What --since takes.
#include "cli/since.hpp"

#include "report/status.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <chrono>
#include <string>

namespace primocane {

namespace {

std::string since_meant_by(std::string_view text) {
  const Result<Since> since = parse_since(text);
  if (!since) return "invalid";
  return write_time(time_of(*since, *read_time("2026-11-30T12:00:00Z")));
}

}  // namespace

TEST_CASE("--since takes durations, times and dates") {
  CHECK(since_meant_by("2h") == "2026-11-30T10:00:00Z");
  CHECK(since_meant_by("1h30m") == "2026-11-30T10:30:00Z");
  CHECK(since_meant_by("2026-11-23T19:08:47Z") == "2026-11-23T19:08:47Z");
  CHECK(since_meant_by("2026-11-23 19:08:47") == "2026-11-23T19:08:47Z");
  CHECK(since_meant_by("2026-11-23") == "2026-11-23T00:00:00Z");
}

TEST_CASE("a duration from before the count of time means all") {
  CHECK(since_meant_by("2000000h") == "1970-01-01T00:00:00Z");
}

TEST_CASE("--since says what it takes instead of anything else") {
  const auto* text = GENERATE("", "yesterday", "5", "-2h", "2026-13-01", "2026-11-23T19:08", "Z");
  const Result<Since> since = parse_since(text);
  REQUIRE_FALSE(since);
  CHECK(since.error().kind == ErrorKind::invalid);
  CHECK(since.error().message.find("30m") != std::string::npos);
}

}  // namespace primocane
