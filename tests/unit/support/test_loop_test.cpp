// SPDX-License-Identifier: Apache-2.0
// Specification of TestLoop: the order and the time in which other tests may trust.
#include "support/test_loop.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <stdexcept>
#include <string>
#include <unistd.h>

using namespace primocane;
using namespace std::chrono_literals;

namespace {

Task<int> three_after(EventLoop& loop, Duration delay) {
  co_await sleep_for(loop, delay);
  co_return 3;
}

}  // namespace

TEST_CASE("time jumps to the next timer as soon as nothing is left to do") {
  TestLoop loop;
  const SteadyTime before = loop.clock().now();
  REQUIRE(run_until_done(loop, three_after(loop, 24h)) == 3);
  REQUIRE(loop.clock().now() - before == 24h);
}

TEST_CASE("posts run before timers, timers by time and then by the order in which they were set") {
  TestLoop loop;
  std::string order;
  const auto late = loop.after(2s, [&] { order += "d"; });
  const auto first = loop.after(1s, [&] { order += "b"; });
  const auto second = loop.after(1s, [&] { order += "c"; });
  loop.post([&] { order += "a"; });
  loop.run_for(1min);
  REQUIRE(order == "abcd");
  REQUIRE(loop.pending() == 0);
}

TEST_CASE("a withdrawn timer never runs, also when a timer due at the same time withdraws it") {
  TestLoop loop;
  bool ran = false;
  std::unique_ptr<Registration> second;
  const auto first = loop.after(1s, [&] { second.reset(); });
  second = loop.after(1s, [&] { ran = true; });
  loop.run_for(2s);
  REQUIRE_FALSE(ran);
}

TEST_CASE("run_for stops at the end of its time even if timers are left") {
  TestLoop loop;
  const SteadyTime before = loop.clock().now();
  bool ran = false;
  const auto timer = loop.after(10s, [&] { ran = true; });
  loop.run_for(9s);
  REQUIRE_FALSE(ran);
  REQUIRE(loop.clock().now() - before == 9s);
  loop.run_for(1s);
  REQUIRE(ran);
}

TEST_CASE("a descriptor that is ready comes before a timer") {
  TestLoop loop;
  std::array<int, 2> pipe_ends{};
  REQUIRE(::pipe(pipe_ends.data()) == 0);
  std::string order;
  const auto timer = loop.after(1ms, [&] { order += "timer "; });
  auto reading = loop.watch(pipe_ends[0], {.readable = true}, [&](Readiness readiness) {
    char byte = 0;
    REQUIRE(readiness.readable);
    REQUIRE(::read(pipe_ends[0], &byte, 1) == 1);
    order += "read ";
  });
  REQUIRE(::write(pipe_ends[1], "x", 1) == 1);
  loop.run_for(1s);
  REQUIRE(order == "read timer ");
  reading.reset();
  REQUIRE(loop.watched() == 0);
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);
}

TEST_CASE("waiting for what can never happen fails instead of hanging") {
  TestLoop loop;
  REQUIRE_THROWS_AS(loop.run(), std::logic_error);
}
