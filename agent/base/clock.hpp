// SPDX-License-Identifier: Apache-2.0
// Time as a value: the clock is an interface, so that tests decide what time it is.
#pragma once

#include <chrono>

namespace primocane {

using Duration = std::chrono::nanoseconds;
/// Monotonic: for deadlines and durations.
using SteadyTime = std::chrono::time_point<std::chrono::steady_clock, Duration>;
/// Wall clock, UTC: for what people read.
using WallTime = std::chrono::time_point<std::chrono::system_clock, Duration>;

/// Where the time comes from. Only host/ implements it for real.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual SteadyTime now() const = 0;
  [[nodiscard]] virtual WallTime wall_now() const = 0;
};

/// A point in time after which an operation is given up.
class Deadline {
 public:
  explicit Deadline(SteadyTime at) : at_(at) {}
  static Deadline in(const Clock& clock, Duration from_now) {
    return Deadline(clock.now() + from_now);
  }

  [[nodiscard]] SteadyTime at() const { return at_; }
  [[nodiscard]] bool has_passed(const Clock& clock) const { return clock.now() >= at_; }
  /// What is left; zero once it has passed.
  [[nodiscard]] Duration left(const Clock& clock) const {
    const SteadyTime now = clock.now();
    return now >= at_ ? Duration::zero() : at_ - now;
  }

 private:
  SteadyTime at_;
};

}  // namespace primocane
