// SPDX-License-Identifier: Apache-2.0
#include "reconcile/in_flight.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace primocane {

namespace {

// One more in flight must bring this much to be kept; less is noise and costs others latency.
constexpr double gain_min = 1.10;
// Windows before a step that did not help is tried again.
constexpr std::size_t rest_windows_max = 20;

}  // namespace

void InFlightLimit::begin(SteadyTime now) {
  window_start_ = now;
  completions_ = 0;
}

void InFlightLimit::completed(SteadyTime now) {
  if (++completions_ < window) return;
  const std::chrono::duration<double> elapsed = now - window_start_;
  const double rate = static_cast<double>(completions_) / std::max(elapsed.count(), 1e-6);
  begin(now);
  decide(rate);
}

void InFlightLimit::decide(double rate) {
  const bool has_gained = rate > base_rate_ * gain_min;
  if (std::exchange(is_trying_, false) && !has_gained) {
    --limit_;
    rest_windows_ = rest_windows_max;
    return;
  }
  base_rate_ = rate;
  if (rest_windows_ > 0) {
    --rest_windows_;
    return;
  }
  if (limit_ == limit_max) return;
  ++limit_;
  is_trying_ = true;
}

}  // namespace primocane
