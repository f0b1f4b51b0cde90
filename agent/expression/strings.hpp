// SPDX-License-Identifier: Apache-2.0
// Functions of strings: CEL's own and those of cel-go's ext/strings.go and ext/encoders.go.
// Positions count characters.
#pragma once

#include "base/error.hpp"
#include "document/regular_expression.hpp"
#include "expression/budget.hpp"
#include "expression/functions.hpp"
#include "expression/value.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace primocane {

/// How many characters `text` has.
[[nodiscard]] std::size_t character_count(std::string_view text);

/// contains, startsWith, ... base64.encode of their arguments. `pattern` is the expression that
/// matches() takes, if it is known already.
[[nodiscard]] Result<CelValue> call_string_function(Function function,
                                                    std::span<const CelValue> arguments,
                                                    const std::optional<RegularExpression>& pattern,
                                                    Budget& budget);

}  // namespace primocane
