// SPDX-License-Identifier: Apache-2.0
// Functions that find, cut and replace parts of strings, by characters (cel-go ext/strings.go and
// the functions of Go's strings that it calls).
#pragma once

#include "base/error.hpp"
#include "expression/budget.hpp"
#include "expression/functions.hpp"
#include "expression/value.hpp"

#include <span>

namespace primocane {

/// charAt, indexOf, lastIndexOf, replace, split, substring or trim of arguments of the right types.
[[nodiscard]] Result<CelValue> search_characters(Function function,
                                                 std::span<const CelValue> arguments,
                                                 Budget& budget);

}  // namespace primocane
