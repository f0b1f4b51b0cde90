// SPDX-License-Identifier: Apache-2.0
// Checks the types of an expression before it is evaluated (cel-go checker/checker.go).
#pragma once

#include "base/error.hpp"
#include "expression/syntax_tree.hpp"

#include <string_view>

namespace primocane {

/// Whether `root` is a condition on `self` and `dep`, which are mappings from strings to anything:
/// all names are known, all calls fit, items of a list are of one type, the result is a bool.
/// `invalid` with the place of what is not so. `text` is the expression, for places.
[[nodiscard]] Result<void> check_types(const SyntaxNode& root, std::string_view text);

}  // namespace primocane
