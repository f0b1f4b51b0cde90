// SPDX-License-Identifier: Apache-2.0
// Fields, indices and the functions of lists, mappings and optionals (cel-go interpreter
// attributes.go, cel/library.go, ext/sets.go).
#pragma once

#include "base/error.hpp"
#include "expression/budget.hpp"
#include "expression/functions.hpp"
#include "expression/value.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace primocane {

/// What a missing field or index is: an error, or no value of an optional.
enum class Missing : std::uint8_t { is_error, is_none };

/// The part of `container` under `key`. An optional is looked into, and its part is an optional.
[[nodiscard]] Result<CelValue> part_of(const CelValue& container, const CelValue& key,
                                       Missing missing, Budget& budget);

/// has(): whether `container` has a field `key`. What can have no fields has none.
[[nodiscard]] Result<CelValue> has_part(const CelValue& container, const CelValue& key,
                                        Budget& budget);

/// "item in container".
[[nodiscard]] Result<CelValue> is_in(const CelValue& item, const CelValue& container,
                                     Budget& budget);

/// What a macro goes through, of a list its items and of a mapping its keys: how many they are, and
/// one of them.
[[nodiscard]] std::size_t range_size(const CelValue& range);
[[nodiscard]] CelValue range_item(const CelValue& range, std::size_t index);

/// size, sets.contains, ... hasValue of their arguments.
[[nodiscard]] Result<CelValue> call_collection_function(Function function,
                                                        std::span<const CelValue> arguments,
                                                        Budget& budget);

}  // namespace primocane
