// SPDX-License-Identifier: Apache-2.0
#include "reconcile/schedule.hpp"

#include <catch2/catch_test_macros.hpp>

namespace primocane {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr double middle = 0.5;  // no jitter

TEST_CASE("passes follow the interval, spread by a tenth") {
  Schedule schedule({.interval = seconds(60)});
  CHECK(schedule.after_pass({}, false, middle) == seconds(60));
  CHECK(schedule.after_pass({}, false, 0.0) == seconds(54));
  CHECK(schedule.after_pass({}, false, 1.0) == seconds(66));
}

TEST_CASE("what is unavailable is asked for again after a second, doubling up to the interval") {
  Schedule schedule({.interval = seconds(60)});
  CHECK(schedule.after_pass(ErrorKind::unavailable, false, middle) == seconds(1));
  CHECK(schedule.after_pass(ErrorKind::unavailable, false, middle) == seconds(2));
  for (int i = 0; i < 40; ++i) {
    CHECK(schedule.after_pass(ErrorKind::unavailable, false, middle) <= seconds(60));
  }
  CHECK(schedule.after_pass({}, false, middle) == seconds(60));
  CHECK(schedule.after_pass(ErrorKind::conflict, false, middle) == seconds(1));
}

TEST_CASE("what is denied holds up nothing else: the next look is at the interval") {
  Schedule schedule({.interval = seconds(60)});
  CHECK(schedule.after_pass(ErrorKind::denied, false, middle) == seconds(60));
}

TEST_CASE("what is invalid waits for a new commit, looked for at the interval") {
  Schedule schedule({.interval = seconds(60)});
  CHECK(schedule.after_pass(ErrorKind::invalid, false, middle) == seconds(60));
}

TEST_CASE("an object that is being deleted is looked at again soon") {
  Schedule schedule({.interval = seconds(60)});
  CHECK(schedule.after_pass({}, true, middle) == seconds(1));
}

}  // namespace
}  // namespace primocane
