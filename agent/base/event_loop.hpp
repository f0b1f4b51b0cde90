// SPDX-License-Identifier: Apache-2.0
// The one event loop that one thread runs: descriptors, timers, and work to do next.
// host/ implements it with epoll; tests have one with a clock that they move by hand.
#pragma once

#include "base/clock.hpp"
#include "base/task.hpp"

#include <functional>
#include <memory>

namespace primocane {

/// What a descriptor is watched for, and what it became ready for.
struct Readiness {
  bool readable = false;
  bool writable = false;

  bool operator==(const Readiness&) const = default;
};

/// Something registered with an EventLoop; destroying it withdraws it, at once and for good.
class Registration {
 public:
  Registration() = default;
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;
  virtual ~Registration() = default;
};

/// Runs callbacks on the thread that called run(). Not thread-safe: every function is called on
/// that thread, before or during run(). No callback may take longer than 50 ms.
class EventLoop {
 public:
  virtual ~EventLoop() = default;

  [[nodiscard]] virtual const Clock& clock() const = 0;

  /// Calls `ready` each time `descriptor` (borrowed, must outlive the registration) is ready for
  /// one of `interest`. One registration for a descriptor at a time. Error and hang-up count as
  /// readable and writable, and are told whatever `interest` is, even if it is nothing.
  [[nodiscard]] virtual std::unique_ptr<Registration> watch(
      int descriptor, Readiness interest, std::function<void(Readiness)> ready) = 0;

  /// Calls `elapsed` once, `delay` from now.
  [[nodiscard]] virtual std::unique_ptr<Registration> after(Duration delay,
                                                            std::function<void()> elapsed) = 0;

  /// Calls `work` in the next turn of the loop, never from within this call.
  virtual void post(std::function<void()> work) = 0;

  /// Runs until stop() is called.
  virtual void run() = 0;
  virtual void stop() = 0;
};

/// Waits for `delay` on `loop`.
Task<void> sleep_for(EventLoop& loop, Duration delay);

/// Runs `loop` until `task` is done and returns its value. For mains and tests.
template <typename T>
T run_until_done(EventLoop& loop, Task<T> task) {
  std::optional<T> result;
  const Job job = Job::start<T>(std::move(task), [&](T value) {
    result.emplace(std::move(value));
    loop.stop();
  });
  if (!result) loop.run();
  return std::move(*result);
}

}  // namespace primocane
