// SPDX-License-Identifier: Apache-2.0
#include "reconcile/in_flight.hpp"

#include <catch2/catch_test_macros.hpp>

#include <functional>

namespace primocane {
namespace {

// Completes writes on a server whose rate depends on how many are in flight.
std::size_t settle(const std::function<double(std::size_t)>& rate_at, int writes) {
  InFlightLimit limit;
  SteadyTime now{};
  limit.begin(now);
  for (int i = 0; i < writes; ++i) {
    now += std::chrono::duration_cast<Duration>(
        std::chrono::duration<double>(1.0 / rate_at(limit.limit())));
    limit.completed(now);
  }
  return limit.limit();
}

TEST_CASE("a store that gains nothing from concurrency is written to one or two at a time") {
  CHECK(settle([](std::size_t) { return 70.0; }, 400) <= 2);
}

TEST_CASE("a store that is fast with many writes gets many") {
  CHECK(settle([](std::size_t n) { return 100.0 * static_cast<double>(n); }, 400) ==
        InFlightLimit::limit_max);
}

TEST_CASE("the limit stays where more does not help") {
  const auto rate = [](std::size_t n) { return 100.0 * static_cast<double>(n < 4 ? n : 4); };
  const std::size_t limit = settle(rate, 400);
  CHECK(limit >= 4);
  CHECK(limit <= 5);
}

TEST_CASE("the limit is never zero") {
  const auto rate = [](std::size_t n) { return 100.0 / static_cast<double>(n); };
  CHECK(settle(rate, 1000) >= 1);
}

}  // namespace
}  // namespace primocane
