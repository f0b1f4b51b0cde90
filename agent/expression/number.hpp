// SPDX-License-Identifier: Apache-2.0
// Numbers of CEL's three types beside each other, as cel-go compares and converts them
// (common/types compare.go, overflow.go).
#pragma once

#include "expression/value.hpp"

#include <compare>
#include <cstdint>
#include <optional>

namespace primocane {

[[nodiscard]] bool is_number(const CelValue& value);

/// How two numbers compare; nothing if one is none, or NaN.
[[nodiscard]] std::optional<std::partial_ordering> number_order(const CelValue& left,
                                                                const CelValue& right);

/// The number without its fraction, if an int or a uint holds that.
[[nodiscard]] std::optional<std::int64_t> to_integer(double number);
[[nodiscard]] std::optional<std::uint64_t> to_unsigned(double number);

/// What a number says as an index of a list; nothing if it is none, or no whole one.
[[nodiscard]] std::optional<std::int64_t> as_index(const CelValue& value);

}  // namespace primocane
