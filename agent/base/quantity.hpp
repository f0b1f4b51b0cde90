// SPDX-License-Identifier: Apache-2.0
// Durations and sizes as people write them in configuration: "5m", "64Mi".
#pragma once

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"

#include <string>
#include <string_view>

namespace primocane {

/// Reads a duration as Go and Flux write it: one or more decimal numbers, each with its unit (ns,
/// us, ms, s, m, h): "90s", "1h30m", "1.5h". Not negative; `invalid` without a unit or where it
/// does not fit.
[[nodiscard]] Result<Duration> parse_duration(std::string_view text);

/// The shortest text that parse_duration() reads back: "1m30s", "2h", "0s".
[[nodiscard]] std::string write_duration(Duration duration);

/// Reads a size as Kubernetes writes it: a whole number of bytes, or one with a suffix (k, M, G, T
/// for powers of 1000, Ki, Mi, Gi, Ti for powers of 1024).
[[nodiscard]] Result<ByteCount> parse_size(std::string_view text);

/// With the largest power of 1024 that divides it: "64Mi", "1000".
[[nodiscard]] std::string write_size(ByteCount size);

}  // namespace primocane
