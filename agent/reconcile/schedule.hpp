// SPDX-License-Identifier: Apache-2.0
// When the next pass runs: pure decisions about intervals, jitter and back-off.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <cstdint>
#include <optional>

namespace primocane {

struct ScheduleSettings {
  Duration interval = std::chrono::seconds(60);
};

/// Decides the pause after each pass. A value: remembers only how often it failed in a row.
class Schedule {
 public:
  explicit Schedule(ScheduleSettings settings) : settings_(settings) {}

  /// The pause until the next pass after one that ended with `worst` (none: all is well).
  /// `jitter` is a random number in [0, 1): intervals vary by a tenth around the configured one,
  /// so that many nodes do not ask at the same moment. `unavailable` and `conflict` back off from
  /// one second, doubling up to the interval. `denied` and `invalid` wait for a person or a new
  /// commit, which is looked for at the interval: one object that is refused must not hold up the
  /// correction of the others.
  [[nodiscard]] Duration after_pass(std::optional<ErrorKind> worst, bool is_waiting, double jitter);

 private:
  ScheduleSettings settings_;
  std::uint32_t failures_in_row_ = 0;
};

}  // namespace primocane
