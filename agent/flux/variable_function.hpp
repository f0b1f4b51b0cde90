// SPDX-License-Identifier: Apache-2.0
// What the operator in ${name...} makes of a variable's value (fluxcd/pkg envsubst, funcs.go).
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// Whether `name` is an operator that gives a variable which is not set a value.
[[nodiscard]] bool is_default_function(std::string_view name);

/// What the operator `name` ("^^", ":", "//", ...; "" for none) makes of `value`. `invalid`,
/// without any value, if the result would be larger than `size_max`, if a part of a negative length
/// is asked for, or if a pattern takes too long.
[[nodiscard]] Result<std::string> apply_variable_function(std::string_view name,
                                                          std::string_view value,
                                                          const std::vector<std::string>& arguments,
                                                          ByteCount size_max);

}  // namespace primocane
