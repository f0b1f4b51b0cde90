// SPDX-License-Identifier: Apache-2.0
// Signals arrive as callbacks on the loop, each once.
#include "host/signal_watch.hpp"

#include "host/epoll_loop.hpp"
#include "host/system_clock.hpp"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <signal.h>
#include <unistd.h>
#include <vector>

namespace primocane {
namespace {

struct World {
  SystemClock clock;
  std::unique_ptr<EpollLoop> loop = std::move(*EpollLoop::make(clock));
  std::vector<int> seen;
};

bool is_blocked(int number) {
  sigset_t mask;
  pthread_sigmask(SIG_BLOCK, nullptr, &mask);
  return sigismember(&mask, number) == 1;
}

}  // namespace

TEST_CASE("each signal calls its own callback, in the loop and not before") {
  World world;
  const auto watch = SignalWatch::make(
      *world.loop,
      {{SIGUSR1, [&] { world.seen.push_back(SIGUSR1); }}, {SIGUSR2, [&] {
                                                             world.seen.push_back(SIGUSR2);
                                                             world.loop->stop();
                                                           }}});
  REQUIRE(watch.has_value());
  raise(SIGUSR1);
  raise(SIGUSR2);
  CHECK(world.seen.empty());
  world.loop->run();
  CHECK(world.seen == std::vector{SIGUSR1, SIGUSR2});
}

TEST_CASE("a callback may destroy the watch, and the former mask is in force again") {
  World world;
  REQUIRE_FALSE(is_blocked(SIGUSR1));
  std::unique_ptr<SignalWatch> watch;
  watch = std::move(*SignalWatch::make(*world.loop, {{SIGUSR1, [&] {
                                                        watch.reset();
                                                        world.loop->stop();
                                                      }}}));
  CHECK(is_blocked(SIGUSR1));
  raise(SIGUSR1);
  world.loop->run();
  CHECK(watch == nullptr);
  CHECK_FALSE(is_blocked(SIGUSR1));
}

TEST_CASE("a broken pipe is an error of write, not the end of the process") {
  ignore_broken_pipes();
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  close(ends[0]);
  CHECK(write(ends[1], "x", 1) == -1);
  CHECK(errno == EPIPE);
  close(ends[1]);
}

}  // namespace primocane
