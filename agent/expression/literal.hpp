// SPDX-License-Identifier: Apache-2.0
// Literals of expressions: what the tokens of numbers, strings and bytes are worth.
#pragma once

#include "base/error.hpp"
#include "expression/lexer.hpp"
#include "expression/value.hpp"

#include <cstdint>

namespace primocane {

enum class Sign : std::uint8_t { plus, minus };

/// The value of a token that is a literal. `invalid`, without its place, if a number is too big for
/// its type, or a string names a character that there is not.
[[nodiscard]] Result<CelValue> read_literal(const Token& token, Sign sign);

}  // namespace primocane
