// SPDX-License-Identifier: Apache-2.0
// Arithmetic of expressions. What does not fit into its type is an error, never wrapped around
// (cel-go common/types overflow.go).
#pragma once

#include "base/error.hpp"
#include "expression/budget.hpp"
#include "expression/functions.hpp"
#include "expression/value.hpp"

namespace primocane {

/// +, -, *, / or % of two values: numbers of one type, times, durations; strings, bytes and lists
/// are put together.
[[nodiscard]] Result<CelValue> calculate(Function function, const CelValue& left,
                                         const CelValue& right, Budget& budget);

/// -value.
[[nodiscard]] Result<CelValue> negated(const CelValue& value);

/// "there is no + for int and string": what a function says of arguments that it does not take.
[[nodiscard]] std::unexpected<Error> no_overload(Function function, const CelValue& left,
                                                 const CelValue& right);
[[nodiscard]] std::unexpected<Error> no_overload(Function function, const CelValue& argument);

}  // namespace primocane
