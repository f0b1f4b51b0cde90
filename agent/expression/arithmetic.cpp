// SPDX-License-Identifier: Apache-2.0
#include "expression/arithmetic.hpp"

#include "expression/times.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace primocane {

namespace {

std::unexpected<Error> overflow(Function function) {
  return fail(ErrorKind::invalid,
              fmt::format("the result of {} does not fit into 64 bits", to_string(function)));
}

template <typename T>
Result<CelValue> divide_whole(Function function, T left, T right) {
  if (right == 0) return fail(ErrorKind::invalid, "division by zero");
  if constexpr (std::numeric_limits<T>::is_signed) {
    if (left == std::numeric_limits<T>::min() && right == -1) return overflow(function);
  }
  return CelValue(function == Function::divide ? left / right : left % right);
}

template <typename T>
Result<CelValue> calculate_whole(Function function, T left, T right) {
  T result{};
  bool is_lost = false;
  if (function == Function::add) {
    is_lost = __builtin_add_overflow(left, right, &result);
  } else if (function == Function::subtract) {
    is_lost = __builtin_sub_overflow(left, right, &result);
  } else if (function == Function::multiply) {
    is_lost = __builtin_mul_overflow(left, right, &result);
  } else {
    return divide_whole(function, left, right);
  }
  if (is_lost) return overflow(function);
  return CelValue(result);
}

// Division by zero is infinite or NaN, as IEEE 754 has it.
CelValue calculate_real(Function function, double left, double right) {
  if (function == Function::add) return left + right;
  if (function == Function::subtract) return left - right;
  if (function == Function::multiply) return left * right;
  return left / right;
}

Result<CelValue> too_much() { return fail(ErrorKind::invalid, "the expression costs too much"); }

Result<CelValue> joined(const CelValue& left, const CelValue& right, Budget& budget) {
  if (!budget.make(left.view().size() + right.view().size())) return too_much();
  std::string text(left.view());
  text += right.view();
  if (left.is(CelKind::bytes)) return CelValue::bytes(std::move(text));
  return CelValue::text(std::move(text));
}

Result<CelValue> joined_lists(const CelList& left, const CelList& right, Budget& budget) {
  const std::size_t size = left.size() + right.size();
  if (!budget.take(size) || !budget.make(size * sizeof(CelValue))) return too_much();
  std::vector<CelValue> items;
  items.reserve(size);
  for (std::size_t index = 0; index < left.size(); ++index) items.push_back(left.at(index));
  for (std::size_t index = 0; index < right.size(); ++index) items.push_back(right.at(index));
  return CelValue::list(std::move(items));
}

Result<CelValue> calculate_of_kind(Function function, const CelValue& left, const CelValue& right,
                                   Budget& budget) {
  switch (left.kind()) {
    case CelKind::integer:
      return calculate_whole(function, *left.as<std::int64_t>(), *right.as<std::int64_t>());
    case CelKind::unsigned_integer:
      return calculate_whole(function, *left.as<std::uint64_t>(), *right.as<std::uint64_t>());
    case CelKind::real:
      if (function == Function::modulo) break;
      return calculate_real(function, *left.as<double>(), *right.as<double>());
    case CelKind::text:
    case CelKind::bytes:
      if (function == Function::add) return joined(left, right, budget);
      break;
    case CelKind::list:
      if (function != Function::add) break;
      return joined_lists(*left.as<CelList>(), *right.as<CelList>(), budget);
    case CelKind::null:
    case CelKind::boolean:
    case CelKind::timestamp:
    case CelKind::duration:
    case CelKind::map:
    case CelKind::type:
    case CelKind::optional:
    case CelKind::any:
      break;
  }
  return no_overload(function, left, right);
}

bool is_time(const CelValue& value) {
  return value.is(CelKind::timestamp) || value.is(CelKind::duration);
}

}  // namespace

std::unexpected<Error> no_overload(Function function, const CelValue& left, const CelValue& right) {
  return fail(ErrorKind::invalid, fmt::format("there is no {} for {} and {}", to_string(function),
                                              to_string(left.kind()), to_string(right.kind())));
}

std::unexpected<Error> no_overload(Function function, const CelValue& argument) {
  return fail(ErrorKind::invalid, fmt::format("there is no {} for {}", to_string(function),
                                              to_string(argument.kind())));
}

Result<CelValue> calculate(Function function, const CelValue& left, const CelValue& right,
                           Budget& budget) {
  const bool is_sum = function == Function::add || function == Function::subtract;
  if (is_sum && is_time(left) && is_time(right)) return calculate_times(function, left, right);
  if (left.kind() != right.kind()) return no_overload(function, left, right);
  return calculate_of_kind(function, left, right, budget);
}

Result<CelValue> negated(const CelValue& value) {
  if (const auto* real = value.as<double>()) return CelValue(-*real);
  if (const auto* integer = value.as<std::int64_t>()) {
    return calculate_whole(Function::subtract, std::int64_t{0}, *integer);
  }
  if (const auto* duration = value.as<CelDuration>()) {
    const auto result = calculate_whole(Function::subtract, std::int64_t{0}, duration->nanoseconds);
    if (!result) return result;
    return CelValue(CelDuration{*result->as<std::int64_t>()});
  }
  return no_overload(Function::negate, value);
}

}  // namespace primocane
