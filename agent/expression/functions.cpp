// SPDX-License-Identifier: Apache-2.0
#include "expression/functions.hpp"

#include <algorithm>
#include <array>

namespace primocane {

namespace {

struct FunctionName {
  Function function;
  std::string_view name;
  bool is_operator = false;
};

// In the order of Function.
constexpr auto make_function_names() {
  using enum Function;
  return std::to_array<FunctionName>({
      {logical_and, "&&", true},
      {logical_or, "||", true},
      {conditional, "?:", true},
      {opt_select, ".?", true},
      {optional_or, "or"},
      {optional_or_value, "orValue"},
      {logical_not, "!", true},
      {equals, "==", true},
      {not_equals, "!=", true},
      {add, "+", true},
      {subtract, "-", true},
      {multiply, "*", true},
      {divide, "/", true},
      {modulo, "%", true},
      {negate, "-", true},
      {less, "<", true},
      {less_equals, "<=", true},
      {greater, ">", true},
      {greater_equals, ">=", true},
      {Function::index, "[]", true},
      {opt_index, "[?]", true},
      {in, "in", true},
      {to_bool, "bool"},
      {to_bytes, "bytes"},
      {to_double, "double"},
      {to_duration, "duration"},
      {to_dyn, "dyn"},
      {to_int, "int"},
      {Function::to_string, "string"},
      {to_timestamp, "timestamp"},
      {to_type, "type"},
      {to_uint, "uint"},
      {contains, "contains"},
      {ends_with, "endsWith"},
      {starts_with, "startsWith"},
      {matches, "matches"},
      {char_at, "charAt"},
      {index_of, "indexOf"},
      {last_index_of, "lastIndexOf"},
      {lower_ascii, "lowerAscii"},
      {upper_ascii, "upperAscii"},
      {replace, "replace"},
      {split, "split"},
      {substring, "substring"},
      {trim, "trim"},
      {reverse, "reverse"},
      {quote, "strings.quote"},
      {format, "format"},
      {join, "join"},
      {base64_decode, "base64.decode"},
      {base64_encode, "base64.encode"},
      {get_full_year, "getFullYear"},
      {get_month, "getMonth"},
      {get_day_of_year, "getDayOfYear"},
      {get_day_of_month, "getDayOfMonth"},
      {get_date, "getDate"},
      {get_day_of_week, "getDayOfWeek"},
      {get_hours, "getHours"},
      {get_minutes, "getMinutes"},
      {get_seconds, "getSeconds"},
      {get_milliseconds, "getMilliseconds"},
      {size, "size"},
      {sets_contains, "sets.contains"},
      {sets_equivalent, "sets.equivalent"},
      {sets_intersects, "sets.intersects"},
      {first, "first"},
      {last, "last"},
      {optional_none, "optional.none"},
      {optional_of, "optional.of"},
      {optional_of_non_zero_value, "optional.ofNonZeroValue"},
      {optional_unwrap, "optional.unwrap"},
      {unwrap_opt, "unwrapOpt"},
      {value, "value"},
      {has_value, "hasValue"},
  });
}

// cel-go common/stdlib/standard.go, cel/library.go, ext/strings.go, ext/sets.go, ext/encoders.go.
// && and || take any number of arguments, and .? has a rule of its own.
constexpr auto make_overloads() {
  using enum Function;
  using enum CallStyle;
  return std::to_array<Overload>({
      {conditional, global, "bAA:A"},
      {optional_or, member, "OAOA:OA"},
      {optional_or_value, member, "OAA:A"},
      {logical_not, global, "b:b"},
      {equals, global, "AA:b"},
      {not_equals, global, "AA:b"},
      {add, global, "yy:y"},
      {add, global, "dd:d"},
      {add, global, "rr:r"},
      {add, global, "rt:t"},
      {add, global, "tr:t"},
      {add, global, "ii:i"},
      {add, global, "LALA:LA"},
      {add, global, "ss:s"},
      {add, global, "uu:u"},
      {subtract, global, "dd:d"},
      {subtract, global, "rr:r"},
      {subtract, global, "ii:i"},
      {subtract, global, "tr:t"},
      {subtract, global, "tt:r"},
      {subtract, global, "uu:u"},
      {multiply, global, "dd:d"},
      {multiply, global, "ii:i"},
      {multiply, global, "uu:u"},
      {divide, global, "dd:d"},
      {divide, global, "ii:i"},
      {divide, global, "uu:u"},
      {modulo, global, "ii:i"},
      {modulo, global, "uu:u"},
      {negate, global, "d:d"},
      {negate, global, "i:i"},
      // <=, > and >= are called as < is.
      {less, global, "bb:b"},
      {less, global, "ii:b"},
      {less, global, "id:b"},
      {less, global, "iu:b"},
      {less, global, "uu:b"},
      {less, global, "ud:b"},
      {less, global, "ui:b"},
      {less, global, "dd:b"},
      {less, global, "di:b"},
      {less, global, "du:b"},
      {less, global, "ss:b"},
      {less, global, "yy:b"},
      {less, global, "tt:b"},
      {less, global, "rr:b"},
      {Function::index, global, "LAi:A"},
      {Function::index, global, "MABA:B"},
      {Function::index, global, "OLAi:OA"},
      {Function::index, global, "OMABA:OB"},
      {opt_index, global, "LAi:OA"},
      {opt_index, global, "OLAi:OA"},
      {opt_index, global, "MABA:OB"},
      {opt_index, global, "OMABA:OB"},
      {in, global, "ALA:b"},
      {in, global, "AMAB:b"},
      {to_bool, global, "b:b"},
      {to_bool, global, "s:b"},
      {to_bytes, global, "y:y"},
      {to_bytes, global, "s:y"},
      {to_double, global, "d:d"},
      {to_double, global, "i:d"},
      {to_double, global, "s:d"},
      {to_double, global, "u:d"},
      {to_duration, global, "r:r"},
      {to_duration, global, "i:r"},
      {to_duration, global, "s:r"},
      {to_dyn, global, "A:*"},
      {to_int, global, "i:i"},
      {to_int, global, "d:i"},
      {to_int, global, "r:i"},
      {to_int, global, "s:i"},
      {to_int, global, "t:i"},
      {to_int, global, "u:i"},
      {Function::to_string, global, "s:s"},
      {Function::to_string, global, "b:s"},
      {Function::to_string, global, "y:s"},
      {Function::to_string, global, "d:s"},
      {Function::to_string, global, "r:s"},
      {Function::to_string, global, "i:s"},
      {Function::to_string, global, "t:s"},
      {Function::to_string, global, "u:s"},
      {to_timestamp, global, "t:t"},
      {to_timestamp, global, "i:t"},
      {to_timestamp, global, "s:t"},
      {to_type, global, "A:TA"},
      {to_uint, global, "u:u"},
      {to_uint, global, "d:u"},
      {to_uint, global, "i:u"},
      {to_uint, global, "s:u"},
      {contains, member, "ss:b"},
      {ends_with, member, "ss:b"},
      {starts_with, member, "ss:b"},
      {matches, global, "ss:b"},
      {matches, member, "ss:b"},
      {char_at, member, "si:s"},
      {index_of, member, "ss:i"},
      {index_of, member, "ssi:i"},
      {last_index_of, member, "ss:i"},
      {last_index_of, member, "ssi:i"},
      {lower_ascii, member, "s:s"},
      {upper_ascii, member, "s:s"},
      {replace, member, "sss:s"},
      {replace, member, "sssi:s"},
      {split, member, "ss:Ls"},
      {split, member, "ssi:Ls"},
      {substring, member, "si:s"},
      {substring, member, "sii:s"},
      {trim, member, "s:s"},
      {reverse, member, "s:s"},
      {quote, global, "s:s"},
      {format, member, "sL*:s"},
      {join, member, "Ls:s"},
      {join, member, "Lss:s"},
      {base64_decode, global, "s:y"},
      {base64_encode, global, "y:s"},
      {get_full_year, member, "t:i"},
      {get_full_year, member, "ts:i"},
      {get_month, member, "t:i"},
      {get_month, member, "ts:i"},
      {get_day_of_year, member, "t:i"},
      {get_day_of_year, member, "ts:i"},
      {get_day_of_month, member, "t:i"},
      {get_day_of_month, member, "ts:i"},
      {get_date, member, "t:i"},
      {get_date, member, "ts:i"},
      {get_day_of_week, member, "t:i"},
      {get_day_of_week, member, "ts:i"},
      {get_hours, member, "t:i"},
      {get_hours, member, "ts:i"},
      {get_hours, member, "r:i"},
      {get_minutes, member, "t:i"},
      {get_minutes, member, "ts:i"},
      {get_minutes, member, "r:i"},
      {get_seconds, member, "t:i"},
      {get_seconds, member, "ts:i"},
      {get_seconds, member, "r:i"},
      {get_milliseconds, member, "t:i"},
      {get_milliseconds, member, "ts:i"},
      {get_milliseconds, member, "r:i"},
      {size, global, "y:i"},
      {size, member, "y:i"},
      {size, global, "LA:i"},
      {size, member, "LA:i"},
      {size, global, "MAB:i"},
      {size, member, "MAB:i"},
      {size, global, "s:i"},
      {size, member, "s:i"},
      {sets_contains, global, "LALA:b"},
      {sets_equivalent, global, "LALA:b"},
      {sets_intersects, global, "LALA:b"},
      {first, member, "LA:OA"},
      {last, member, "LA:OA"},
      {optional_none, global, ":OA"},
      {optional_of, global, "A:OA"},
      {optional_of_non_zero_value, global, "A:OA"},
      {optional_unwrap, global, "LOA:LA"},
      {unwrap_opt, member, "LOA:LA"},
      {value, member, "OA:A"},
      {has_value, member, "OA:b"},
  });
}

constexpr auto function_names = make_function_names();
constexpr auto overload_table = make_overloads();

}  // namespace

std::string_view to_string(Function function) {
  return function_names.at(static_cast<std::size_t>(function)).name;
}

std::optional<Function> function_named(std::string_view name) {
  const auto* const found = std::ranges::find_if(function_names, [&](const FunctionName& row) {
    return !row.is_operator && row.name == name;
  });
  if (found == function_names.end()) return std::nullopt;
  return found->function;
}

std::span<const Overload> overloads_of(Function function) {
  if (function >= Function::less && function <= Function::greater_equals) {
    function = Function::less;
  }
  const auto rows = std::ranges::equal_range(overload_table, function, {}, &Overload::function);
  return {rows.begin(), rows.end()};
}

bool takes_arguments(Function function, std::size_t count) {
  return std::ranges::any_of(overloads_of(function), [&](const Overload& overload) {
    return argument_count(overload.signature) == count;
  });
}

std::string_view take_type(std::string_view& signature) {
  std::size_t length = 0;
  for (std::size_t missing = 1; missing > 0; ++length) {
    const char letter = signature.at(length);
    if (letter == 'M') ++missing;
    if (letter != 'L' && letter != 'O' && letter != 'T' && letter != 'M') --missing;
  }
  const std::string_view type = signature.substr(0, length);
  signature.remove_prefix(length);
  return type;
}

std::size_t argument_count(std::string_view signature) {
  std::size_t count = 0;
  for (; !signature.starts_with(':'); ++count) take_type(signature);
  return count;
}

}  // namespace primocane
