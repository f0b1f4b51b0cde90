// SPDX-License-Identifier: Apache-2.0
// The functions and operators that an expression may call: those of CEL's standard library, of its
// optionals, and of the extensions that Flux enables (strings, sets, encoders; fluxcd/pkg
// runtime/cel expression.go).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace primocane {

enum class Function : std::uint8_t {
  // What evaluates its arguments as it needs them.
  logical_and,
  logical_or,
  conditional,
  opt_select,
  optional_or,
  optional_or_value,
  // Operators.
  logical_not,
  equals,
  not_equals,
  add,
  subtract,
  multiply,
  divide,
  modulo,
  negate,
  less,
  less_equals,
  greater,
  greater_equals,
  index,
  opt_index,
  in,
  // Conversions, each called by the name of its type.
  to_bool,
  to_bytes,
  to_double,
  to_duration,
  to_dyn,
  to_int,
  to_string,
  to_timestamp,
  to_type,
  to_uint,
  // Strings.
  contains,
  ends_with,
  starts_with,
  matches,
  char_at,
  index_of,
  last_index_of,
  lower_ascii,
  upper_ascii,
  replace,
  split,
  substring,
  trim,
  reverse,
  quote,
  format,
  join,
  base64_decode,
  base64_encode,
  // Times.
  get_full_year,
  get_month,
  get_day_of_year,
  get_day_of_month,
  get_date,
  get_day_of_week,
  get_hours,
  get_minutes,
  get_seconds,
  get_milliseconds,
  // Collections and optionals.
  size,
  sets_contains,
  sets_equivalent,
  sets_intersects,
  first,
  last,
  optional_none,
  optional_of,
  optional_of_non_zero_value,
  optional_unwrap,
  unwrap_opt,
  value,
  has_value,
};

/// Whether a function's first argument stands in front of it: "x.f()" or "f(x)".
enum class CallStyle : std::uint8_t { global, member };

/// One of the ways to call a function. `signature` is the types of its arguments, ":", and that of
/// its result, each a letter: b(ool), i(nt), u(int), d(ouble), s(tring), (b)y(tes), t(imestamp),
/// (du)r(ation), * for dyn; L, O and T before a type are a list, an optional and a type of it, M
/// before two a map; A and B stand for any type, the same throughout.
struct Overload {
  Function function;
  CallStyle style;
  std::string_view signature;
};

/// The name by which it is called; operators by how they are written.
[[nodiscard]] std::string_view to_string(Function function);

/// The function that is called by `name`, if there is one: "size", "optional.of". Operators have no
/// name.
[[nodiscard]] std::optional<Function> function_named(std::string_view name);

/// The ways to call it, in cel-go's order, which decides between them.
[[nodiscard]] std::span<const Overload> overloads_of(Function function);

/// Whether it can be called with that many arguments, the one in front among them.
[[nodiscard]] bool takes_arguments(Function function, std::size_t count);

/// How many arguments a signature has.
[[nodiscard]] std::size_t argument_count(std::string_view signature);

/// The part of `signature` that is one type, taken off its front.
std::string_view take_type(std::string_view& signature);

[[nodiscard]] constexpr bool is_conversion(Function function) {
  return function >= Function::to_bool && function <= Function::to_uint;
}

}  // namespace primocane
