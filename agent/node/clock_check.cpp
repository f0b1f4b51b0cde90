// SPDX-License-Identifier: Apache-2.0
#include "node/clock_check.hpp"

#include "report/status.hpp"

#include <fmt/format.h>

#include <chrono>

namespace primocane {

namespace {

// As systemd's timedatectl decides NTPSynchronized (src/basic/time-util.c): the kernel's estimate
// grows to this where nobody sets the clock. The flag STA_UNSYNC is no such sign, because some
// set it to keep the kernel from writing the hardware's clock. Holds for chrony and ntpd as well.
constexpr std::chrono::seconds clock_error_max(16);

bool is_synchronised(const NodeFacts& facts) {
  if (facts.is_time_set) return true;
  return facts.system.clock_error && *facts.system.clock_error < clock_error_max;
}

}  // namespace

Finding examine_clock(const NodeFacts& facts) {
  const std::string now = write_time(facts.system.now);
  if (facts.system.now < facts.not_before) {
    return {.check = "clock",
            .level = Level::problem,
            .message = fmt::format("it is {} by the clock, but something here was made at {}: no "
                                   "certificate holds before the clock is set",
                                   now, write_time(facts.not_before)),
            .advice =
                "switch on what sets it (sudo timedatectl set-ntp true) and see that UDP "
                "port 123 gets out, or set it by hand (sudo timedatectl set-time)"};
  }
  if (!is_synchronised(facts)) {
    return {.check = "clock",
            .level = Level::warning,
            .message = fmt::format("{}, which may be right, but nothing has set it by the network "
                                   "since the start",
                                   now),
            .advice =
                "switch that on (sudo timedatectl set-ntp true) and see that UDP port 123 "
                "gets out; a node without a network can do without"};
  }
  return {.check = "clock", .message = fmt::format("{}, set by the network", now)};
}

}  // namespace primocane
