// SPDX-License-Identifier: Apache-2.0
// Who applied which fields of an object, by its managedFields. Pure functions over objects.
#pragma once

#include "document/json_pointer.hpp"
#include "document/value.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace primocane {

/// The index that the token of a JSON pointer names in `list`, if there is such an item.
[[nodiscard]] std::optional<std::size_t> list_index(std::string_view token, const Array& list);

/// Whether a manager other than `manager` applied the field at `path` of `live`, by its
/// managedFields. In lists it is found by the keys of their items.
[[nodiscard]] bool is_applied_by_other(const Value& live, const JsonPointer& path,
                                       std::string_view manager);

/// Whether `manager` would have applied the same fields of `merged` as it has of `live`, by their
/// managedFields, but for `paths`. Without that a field could be taken back later and nobody would
/// see it.
[[nodiscard]] bool owns_the_same_beyond(const Value& live, const Value& merged,
                                        std::span<const JsonPointer> paths,
                                        std::string_view manager);

}  // namespace primocane
