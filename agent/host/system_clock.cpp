// SPDX-License-Identifier: Apache-2.0
#include "host/system_clock.hpp"

namespace primocane {

SteadyTime SystemClock::now() const { return std::chrono::steady_clock::now(); }

WallTime SystemClock::wall_now() const { return std::chrono::system_clock::now(); }

}  // namespace primocane
