// SPDX-License-Identifier: Apache-2.0
// Parses expressions (cel-go parser/gen/CEL.g4, with the syntax of optionals).
#pragma once

#include "base/error.hpp"
#include "expression/syntax_tree.hpp"

#include <cstddef>
#include <string_view>

namespace primocane {

/// What an expression may be.
struct ExpressionLimits {
  std::size_t bytes = 32 * 1024;  ///< of its text
  std::size_t nesting = 100;      ///< of brackets and operators in each other
  std::size_t depth = 250;        ///< of its tree
};

/// The tree of `text`; literals hold their own bytes, so that `text` may go. `invalid` with line
/// and column if it is no expression, calls a function that there is not, or exceeds a limit.
///
/// Unlike in cel-go a message ("Type{field: 1}") is an error.
[[nodiscard]] Result<SyntaxNode> parse_expression(std::string_view text,
                                                  const ExpressionLimits& limits = {});

}  // namespace primocane
