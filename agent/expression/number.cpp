// SPDX-License-Identifier: Apache-2.0
#include "expression/number.hpp"

#include <cmath>
#include <limits>

namespace primocane {

namespace {

constexpr double two_to_63 = 9223372036854775808.0;
constexpr double two_to_64 = 18446744073709551616.0;

std::partial_ordering order(double left, std::int64_t right) {
  if (left < -two_to_63) return std::partial_ordering::less;
  if (left > two_to_63) return std::partial_ordering::greater;
  return left <=> static_cast<double>(right);
}

std::partial_ordering order(double left, std::uint64_t right) {
  if (left < 0) return std::partial_ordering::less;
  if (left > two_to_64) return std::partial_ordering::greater;
  return left <=> static_cast<double>(right);
}

std::partial_ordering order(std::int64_t left, std::uint64_t right) {
  if (left < 0) return std::partial_ordering::less;
  return static_cast<std::uint64_t>(left) <=> right;
}

std::partial_ordering reversed(std::partial_ordering ordering) { return 0 <=> ordering; }

std::partial_ordering order_with(double left, const CelValue& right) {
  if (const auto* integer = right.as<std::int64_t>()) return order(left, *integer);
  if (const auto* natural = right.as<std::uint64_t>()) return order(left, *natural);
  return left <=> *right.as<double>();
}

std::partial_ordering order_with(std::int64_t left, const CelValue& right) {
  if (const auto* real = right.as<double>()) return reversed(order(*real, left));
  if (const auto* natural = right.as<std::uint64_t>()) return order(left, *natural);
  return left <=> *right.as<std::int64_t>();
}

std::partial_ordering order_with(std::uint64_t left, const CelValue& right) {
  if (const auto* real = right.as<double>()) return reversed(order(*real, left));
  if (const auto* integer = right.as<std::int64_t>()) return reversed(order(*integer, left));
  return left <=> *right.as<std::uint64_t>();
}

bool is_nan(const CelValue& value) {
  const auto* real = value.as<double>();
  return real != nullptr && std::isnan(*real);
}

}  // namespace

bool is_number(const CelValue& value) {
  return value.is(CelKind::integer) || value.is(CelKind::unsigned_integer) ||
         value.is(CelKind::real);
}

std::optional<std::partial_ordering> number_order(const CelValue& left, const CelValue& right) {
  if (!is_number(left) || !is_number(right) || is_nan(left) || is_nan(right)) return std::nullopt;
  if (const auto* real = left.as<double>()) return order_with(*real, right);
  if (const auto* integer = left.as<std::int64_t>()) return order_with(*integer, right);
  return order_with(*left.as<std::uint64_t>(), right);
}

// cel-go refuses both limits, because a double next to them may stand for a number beyond.
std::optional<std::int64_t> to_integer(double number) {
  if (!std::isfinite(number) || number <= -two_to_63 || number >= two_to_63) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::optional<std::uint64_t> to_unsigned(double number) {
  if (!std::isfinite(number) || number < 0 || number >= two_to_64) return std::nullopt;
  return static_cast<std::uint64_t>(number);
}

std::optional<std::int64_t> as_index(const CelValue& value) {
  if (const auto* integer = value.as<std::int64_t>()) return *integer;
  if (const auto* natural = value.as<std::uint64_t>()) {
    if (*natural > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return std::nullopt;
    }
    return static_cast<std::int64_t>(*natural);
  }
  if (const auto* real = value.as<double>()) {
    const auto integer = to_integer(*real);
    if (integer && static_cast<double>(*integer) == *real) return integer;
  }
  return std::nullopt;
}

}  // namespace primocane
