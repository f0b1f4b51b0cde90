// SPDX-License-Identifier: Apache-2.0
// What base builds on an EventLoop: sleeping, and running until a task is done.
#include "base/event_loop.hpp"

#include "support/test_loop.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>

namespace primocane {

using std::chrono::seconds;

namespace {

Task<int> value_after(EventLoop* loop, Duration delay, int value) {
  co_await sleep_for(*loop, delay);
  co_return value;
}

Task<int> value_at_once(int value) { co_return value; }

}  // namespace

TEST_CASE("a sleeping task goes on after its delay") {
  TestLoop loop;
  const SteadyTime before = loop.clock().now();
  CHECK(run_until_done(loop, value_after(&loop, seconds(3), 4)) == 4);
  CHECK(loop.clock().now() - before == seconds(3));
}

TEST_CASE("a cancelled sleep leaves no timer behind") {
  TestLoop loop;
  Job job = Job::start(sleep_for(loop, seconds(3)), [] {});
  CHECK(loop.pending() == 1);
  job.cancel();
  CHECK(loop.pending() == 0);
}

TEST_CASE("a task that waits for nothing is done without the loop") {
  TestLoop loop;
  CHECK(run_until_done(loop, value_at_once(4)) == 4);
}

}  // namespace primocane
