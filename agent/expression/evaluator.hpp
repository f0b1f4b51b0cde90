// SPDX-License-Identifier: Apache-2.0
// Evaluates the tree of an expression.
#pragma once

#include "base/error.hpp"
#include "expression/budget.hpp"
#include "expression/syntax_tree.hpp"
#include "expression/value.hpp"
#include "expression/variables.hpp"

namespace primocane {

/// The value of the tree. `invalid` if it has none: a field is missing, a function does not take
/// what it is given, the budget is used up. As in CEL, && and || have a value whatever one side is
/// if the other decides.
[[nodiscard]] Result<CelValue> evaluate_tree(const SyntaxNode& root,
                                             const ExpressionVariables& variables, Budget& budget);

}  // namespace primocane
