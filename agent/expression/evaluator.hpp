// SPDX-License-Identifier: Apache-2.0
// Evaluates the tree of an expression.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "expression/budget.hpp"
#include "expression/syntax_tree.hpp"
#include "expression/value.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace primocane {

/// A variable: its name and what it stands for, which must outlive the evaluation's result.
struct ExpressionVariable {
  std::string_view name{};
  const Value* value = nullptr;
};

/// What an expression may name.
struct ExpressionVariables {
  const Object* fields = nullptr;  ///< each field is a variable
  std::span<const ExpressionVariable> named{};

  [[nodiscard]] std::optional<CelValue> find(std::string_view name) const;
};

/// The value of the tree. `invalid` if it has none: a field is missing, a function does not take
/// what it is given, the budget is used up. As in CEL, && and || have a value whatever one side is
/// if the other decides.
[[nodiscard]] Result<CelValue> evaluate_tree(const SyntaxNode& root,
                                             const ExpressionVariables& variables, Budget& budget);

}  // namespace primocane
