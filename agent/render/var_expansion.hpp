// SPDX-License-Identifier: Apache-2.0
// "$(NAME)" in texts (api/filters/refvar of kustomize 5.8.1, expand.go).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"

#include <cstddef>
#include <functional>
#include <string_view>

namespace primocane {

/// The value of the var with that name, or null if there is none: a string, a number or a boolean.
using VarLookup = std::function<const Value*(std::string_view name)>;

/// `text` with the values of vars in it. "$$" becomes "$", so that "$$(NAME)" is "$(NAME)". Unknown
/// vars stay, and values are not looked through again. A text that is nothing but one var becomes
/// its value, whatever type that has. `invalid` if the text would grow beyond `size_max` bytes.
[[nodiscard]] Result<Value> expand_vars(std::string_view text, const VarLookup& lookup,
                                        std::size_t size_max);

}  // namespace primocane
