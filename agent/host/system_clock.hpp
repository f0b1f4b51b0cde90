// SPDX-License-Identifier: Apache-2.0
// SystemClock: the kernel's clocks.
#pragma once

#include "base/clock.hpp"

namespace primocane {

/// CLOCK_MONOTONIC and CLOCK_REALTIME. May be used by any thread.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] SteadyTime now() const override;
  [[nodiscard]] WallTime wall_now() const override;
};

}  // namespace primocane
