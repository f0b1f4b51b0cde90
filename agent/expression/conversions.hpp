// SPDX-License-Identifier: Apache-2.0
// Conversions between the types of expressions, as cel-go's ConvertToType makes them.
#pragma once

#include "base/error.hpp"
#include "expression/budget.hpp"
#include "expression/functions.hpp"
#include "expression/value.hpp"

namespace primocane {

/// int(value), string(value), type(value) ... `invalid` if the value has no such form.
///
/// Known difference from cel-go: a text of a double in hexadecimal digits is none.
[[nodiscard]] Result<CelValue> convert(Function function, const CelValue& value, Budget& budget);

}  // namespace primocane
