// SPDX-License-Identifier: Apache-2.0
// EpollLoop: the agent's event loop, by epoll.
#pragma once

#include "base/error.hpp"
#include "base/event_loop.hpp"

#include <functional>
#include <memory>

namespace primocane {

/// Each turn runs what was posted before the turn, then timers that are due in the order of their
/// time, then descriptors that are ready; it sleeps only when there is nothing to do. Timers are
/// never early and up to a millisecond late. Owned and run by one thread; registrations may
/// outlive it.
class EpollLoop final : public EventLoop {
 public:
  /// `clock` (borrowed, outlives the loop) must run as CLOCK_MONOTONIC does. `unavailable` when
  /// the kernel has no descriptor left.
  [[nodiscard]] static Result<std::unique_ptr<EpollLoop>> make(const Clock& clock);
  ~EpollLoop() override;

  [[nodiscard]] const Clock& clock() const override;
  /// Aborts when the descriptor is not open, watched already, or a plain file: mistakes of the
  /// program that would otherwise be waits for ever.
  [[nodiscard]] std::unique_ptr<Registration> watch(int descriptor, Readiness interest,
                                                    std::function<void(Readiness)> ready) override;
  [[nodiscard]] std::unique_ptr<Registration> after(Duration delay,
                                                    std::function<void()> elapsed) override;
  void post(std::function<void()> work) override;
  void run() override;
  void stop() override;

 private:
  struct State;
  class Watch;
  class Timer;

  explicit EpollLoop(std::shared_ptr<State> state);
  void run_posted();
  void run_due_timers();
  void wait_and_run_ready();

  std::shared_ptr<State> state_;  // shared with registrations
};

}  // namespace primocane
