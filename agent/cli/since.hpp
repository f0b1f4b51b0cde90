// SPDX-License-Identifier: Apache-2.0
// What --since takes: how long ago, or a time.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <string_view>
#include <variant>

namespace primocane {

/// "2h", or 2026-11-23T19:08:47Z.
using Since = std::variant<Duration, WallTime>;

/// Reads a duration as the configuration has them, a time as the agent writes it, or a date; times
/// without a zone are UTC. `invalid`, naming what was expected, for anything else.
[[nodiscard]] Result<Since> parse_since(std::string_view text);

/// The time that is meant.
[[nodiscard]] WallTime time_of(const Since& since, WallTime now);

}  // namespace primocane
