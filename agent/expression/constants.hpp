// SPDX-License-Identifier: Apache-2.0
// What of an expression is known when it is loaded: names of types, conversions of literals,
// patterns. What is wrong there is told then (cel-go's OptOptimize).
#pragma once

#include "base/error.hpp"
#include "expression/syntax_tree.hpp"

#include <string_view>

namespace primocane {

/// Puts into `root` what is known. `invalid` with the place of a conversion that cannot be made, or
/// of a pattern that is none. `text` is the expression, for places.
[[nodiscard]] Result<void> fold_constants(SyntaxNode& root, std::string_view text);

}  // namespace primocane
