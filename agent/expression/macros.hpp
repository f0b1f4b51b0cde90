// SPDX-License-Identifier: Apache-2.0
// The calls that are no functions: has(), and those that name a variable (cel-go parser/macro.go,
// cel/library.go).
#pragma once

#include "base/error.hpp"
#include "expression/syntax_tree.hpp"

#include <optional>
#include <string_view>

namespace primocane {

/// The node that a call of `name` stands for, if it is a macro's; `call` holds its arguments, the
/// one in front first. `invalid`, without its place, if a macro is given what it cannot take.
[[nodiscard]] Result<std::optional<SyntaxNode>> expand_macro(std::string_view name,
                                                             const SyntaxNode& call);

}  // namespace primocane
