// SPDX-License-Identifier: Apache-2.0
#include "node/agent_check.hpp"

#include <fmt/format.h>

namespace primocane {

Finding examine_agent(const Result<Status>& status, std::string_view version) {
  if (!status) {
    const bool is_absent = status.error().kind == ErrorKind::unavailable;
    return {
        .check = "agent",
        .level = Level::warning,
        .message = fmt::format("{}: {}", is_absent ? "no agent is running" : "it can't be asked",
                               status.error().message),
        .advice =
            is_absent ? "start it (sudo systemctl enable --now primocane)" : "run this with sudo"};
  }
  const std::string found =
      fmt::format("primocane {}, {}", status->version, to_string(status->state));
  if (status->version != version) {
    return {.check = "agent",
            .level = Level::warning,
            .message = fmt::format("{}, but this program is {}", found, version),
            .advice = "restart it (sudo systemctl restart primocane)"};
  }
  if (status->state == AgentState::failing) {
    return {.check = "agent",
            .level = Level::warning,
            .message = found,
            .advice = "see what failed (primocane status)"};
  }
  return {.check = "agent", .message = found};
}

}  // namespace primocane
