// SPDX-License-Identifier: Apache-2.0
// Timestamps and durations of expressions (cel-go common/types timestamp.go, duration.go).
#pragma once

#include "base/error.hpp"
#include "expression/functions.hpp"
#include "expression/value.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace primocane {

/// The sum or difference of two values that are timestamps or durations.
[[nodiscard]] Result<CelValue> calculate_times(Function function, const CelValue& left,
                                               const CelValue& right);

/// getHours() and its like, of a timestamp in UTC or in the zone of a second argument, or of a
/// duration. A zone is an offset "+02:00", "UTC" or "": unlike in cel-go, those by name of a place
/// are refused, because which offset a name stands for is not known on every node.
[[nodiscard]] Result<CelValue> part_of_time(Function function, std::span<const CelValue> arguments);

/// The timestamp if it lies in the years 1 to 9999.
[[nodiscard]] std::optional<CelValue> checked_timestamp(CelTimestamp time);

/// What string() makes of a timestamp, in its own zone, and of a duration: "1.5s".
[[nodiscard]] std::string time_text(CelTimestamp time);
[[nodiscard]] std::string duration_text(CelDuration duration);

/// Go's time.ParseDuration, and time.Parse of an RFC 3339 time. Nothing if it is none.
[[nodiscard]] std::optional<CelValue> read_duration(std::string_view text);
[[nodiscard]] std::optional<CelValue> read_timestamp(std::string_view text);

}  // namespace primocane
