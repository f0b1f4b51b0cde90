// SPDX-License-Identifier: Apache-2.0
// TestClock: a clock that stands still until a test moves it.
#pragma once

#include "base/clock.hpp"

#include <cassert>
#include <chrono>

namespace primocane {

/// Starts at 2026-01-01T00:00:00Z; the monotonic and the wall time advance together.
class TestClock final : public Clock {
 public:
  [[nodiscard]] SteadyTime now() const override { return SteadyTime(elapsed_ + start_offset); }
  [[nodiscard]] WallTime wall_now() const override { return start_of_2026 + elapsed_ + wall_step_; }

  void advance(Duration by) {
    assert(by >= Duration::zero());
    elapsed_ += by;
  }
  /// Sets the wall clock forward or back without touching the monotonic time, as NTP does.
  void step_wall(Duration by) { wall_step_ += by; }

 private:
  static constexpr WallTime start_of_2026 =
      std::chrono::sys_days(std::chrono::year(2026) / std::chrono::January / 1);
  // Not zero, so that a default-constructed SteadyTime lies in the past.
  static constexpr Duration start_offset = std::chrono::hours(1);

  Duration elapsed_{};
  Duration wall_step_{};
};

}  // namespace primocane
