// SPDX-License-Identifier: Apache-2.0
// When a deadline passes, and what is left before it does.
#include "base/clock.hpp"

#include "support/test_clock.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>

namespace primocane {

using std::chrono::seconds;

TEST_CASE("a deadline passes at its time and what is left never falls below zero") {
  TestClock clock;
  const Deadline deadline = Deadline::in(clock, seconds(5));
  CHECK(deadline.left(clock) == seconds(5));
  CHECK_FALSE(deadline.has_passed(clock));
  clock.advance(seconds(5));
  CHECK(deadline.has_passed(clock));
  CHECK(deadline.left(clock) == Duration::zero());
  clock.advance(seconds(5));
  CHECK(deadline.left(clock) == Duration::zero());
}

TEST_CASE("a step of the wall clock does not move a deadline") {
  TestClock clock;
  const Deadline deadline = Deadline::in(clock, seconds(5));
  clock.step_wall(std::chrono::hours(24));
  CHECK_FALSE(deadline.has_passed(clock));
}

}  // namespace primocane
