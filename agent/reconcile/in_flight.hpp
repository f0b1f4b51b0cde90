// SPDX-License-Identifier: Apache-2.0
// InFlightLimit: how many writes to have in flight. On sqlite more than one or two make a set no
// faster and others wait for a second; faster stores gain from four to eight. So it is measured:
// hill climbing on the rate of completions.
#pragma once

#include "base/clock.hpp"

#include <cstddef>

namespace primocane {

/// Counts completions in windows and steps up by one while the rate grows; steps back and rests
/// when it does not. A value: the caller gives the time.
class InFlightLimit {
 public:
  static constexpr std::size_t limit_max = 8;
  /// Completions that make one measurement.
  static constexpr std::size_t window = 12;

  [[nodiscard]] std::size_t limit() const { return limit_; }
  /// Notes that a burst of writes begins: idle time before it does not count.
  void begin(SteadyTime now);
  /// Notes that a write has completed.
  void completed(SteadyTime now);

 private:
  void decide(double rate);

  std::size_t limit_ = 1;
  std::size_t completions_ = 0;
  std::size_t rest_windows_ = 0;  // before the next try
  bool is_trying_ = false;        // the last step up has not been judged yet
  double base_rate_ = 0;          // with one less in flight
  SteadyTime window_start_{};
};

}  // namespace primocane
