// SPDX-License-Identifier: Apache-2.0
#include "reconcile/schedule.hpp"

#include <algorithm>

namespace primocane {

namespace {

constexpr Duration first_pass_pause = std::chrono::seconds(1);
constexpr double jitter_share = 0.1;

Duration spread(Duration pause, double jitter) {
  const double factor = 1.0 + jitter_share * (2 * jitter - 1);
  return std::chrono::duration_cast<Duration>(pause * factor);
}

}  // namespace

Duration Schedule::after_pass(std::optional<ErrorKind> worst, bool is_waiting, double jitter) {
  const bool is_soon =
      is_waiting || worst == ErrorKind::unavailable || worst == ErrorKind::conflict;
  if (is_soon) {
    const Duration pause = first_pass_pause * (1U << std::min(failures_in_row_, 16U));
    ++failures_in_row_;
    return spread(std::min(pause, settings_.interval), jitter);
  }
  failures_in_row_ = 0;
  return spread(settings_.interval, jitter);
}

}  // namespace primocane
