// SPDX-License-Identifier: Apache-2.0
// TestLoop: an EventLoop whose time jumps to the next timer as soon as there is nothing else to do.
#pragma once

#include "base/event_loop.hpp"
#include "support/test_clock.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace primocane {

/// Runs what was posted in order, then descriptors that are ready, and only when there is neither
/// it moves the clock to the next timer. Timers that are due together run in the order in which
/// they were set. Where descriptors are watched it gives their peers a moment of real time before
/// it jumps, so that loopback sockets of the same process are never overtaken by a timeout.
class TestLoop final : public EventLoop {
 public:
  TestLoop();
  ~TestLoop() override;

  [[nodiscard]] const Clock& clock() const override;
  [[nodiscard]] std::unique_ptr<Registration> watch(int descriptor, Readiness interest,
                                                    std::function<void(Readiness)> ready) override;
  [[nodiscard]] std::unique_ptr<Registration> after(Duration delay,
                                                    std::function<void()> elapsed) override;
  void post(std::function<void()> work) override;

  /// Throws std::logic_error when nothing is left that could ever happen, so that a test which
  /// waits for it fails instead of hanging.
  void run() override;
  void stop() override { is_stopped_ = true; }

  /// Runs everything that happens within `duration` and leaves the clock at its end.
  void run_for(Duration duration);
  /// Runs what can run without time passing.
  void run_until_idle();

  [[nodiscard]] TestClock& test_clock();
  /// Timers that are set and posts that wait: what a cancelled operation must not leave behind.
  [[nodiscard]] std::size_t pending() const;
  [[nodiscard]] std::size_t watched() const;

 private:
  struct State;
  class Timer;
  class Watch;

  bool turn(SteadyTime until);
  bool run_one_post();
  bool run_ready(int grace_ms);
  bool run_next_timer(SteadyTime until);

  std::shared_ptr<State> state_;  // shared with registrations, which may outlive the loop
  bool is_stopped_ = false;
};

}  // namespace primocane
