// SPDX-License-Identifier: Apache-2.0
#include "document/rfc3339.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace primocane;

TEST_CASE("a time is read in any zone and written in UTC") {
  CHECK(parse_rfc3339("1970-01-01T00:00:00Z") == Instant{});
  CHECK(parse_rfc3339("2026-01-02T05:04:05+02:00") == Instant{.seconds = 1767323045});
  CHECK(parse_rfc3339("0001-01-01T00:00:00Z") == Instant{.seconds = -62135596800});
  CHECK(parse_rfc3339("9999-12-31T23:59:59.999999999Z") ==
        Instant{.seconds = 253402300799, .nanoseconds = 999'999'999});
  CHECK(to_rfc3339({.seconds = 1767323045}) == "2026-01-02T03:04:05Z");
  CHECK(to_rfc3339({.seconds = 1767323045, .nanoseconds = 50'000'000}) ==
        "2026-01-02T03:04:05.05Z");
  CHECK(to_rfc3339({.seconds = -62135596800}) == "0001-01-01T00:00:00Z");
}

TEST_CASE("a time is read with what Go allows in it") {
  CHECK(parse_rfc3339("2026-01-02T3:04:05Z") == Instant{.seconds = 1767323045});
  CHECK(parse_rfc3339("2026-01-02T03:04:05,25Z") ==
        Instant{.seconds = 1767323045, .nanoseconds = 250'000'000});
  CHECK(parse_rfc3339("2026-01-02T03:04:05.1234567899Z") ==
        Instant{.seconds = 1767323045, .nanoseconds = 123'456'789});
  CHECK(parse_rfc3339("2026-01-03T03:04:05+24:00") == Instant{.seconds = 1767323045});
}

TEST_CASE("what is no time is told") {
  for (const auto* text :
       {"", "2026-01-02", "2026-01-02 03:04:05Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-01-02T24:00:00Z", "2026-01-02T03:60:00Z", "2026-01-02T03:04:60Z",
        "2026-01-02T03:04:05", "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05z",
        "2026-01-02T03:04:05+2:00", "2026-01-02T03:04:05+25:00", "2026-01-02T03:04:05ZZ",
        "26-01-02T03:04:05Z", "2026-1-02T03:04:05Z", "2026-01-02t03:04:05Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_rfc3339(text));
  }
}
