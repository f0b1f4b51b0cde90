// SPDX-License-Identifier: Apache-2.0
// Points in time as Kubernetes and CEL write them (RFC 3339), of any year from 0 to 9999.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// A point in time: seconds since 1970 in UTC, and nanoseconds (0 to 999,999,999) after them.
struct Instant {
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;

  auto operator<=>(const Instant&) const = default;
};

/// The time that `text` names, as Go's time.Parse(time.RFC3339, text) takes it: a fraction behind
/// "." or ",", an hour of one digit; the zone "Z" or an offset. Nothing if it is none.
[[nodiscard]] std::optional<Instant> parse_rfc3339(std::string_view text);

/// `time` in UTC, with as many digits of the fraction as it has (time.RFC3339Nano):
/// "2026-01-02T03:04:05.5Z".
[[nodiscard]] std::string to_rfc3339(Instant time);

}  // namespace primocane
