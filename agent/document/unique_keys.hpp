// SPDX-License-Identifier: Apache-2.0
// Finds a key that a mapping has twice; readers append members without looking.
#pragma once

#include "document/value.hpp"

#include <cstddef>
#include <optional>
#include <utility>

namespace primocane {

/// The positions of the first member whose key an earlier one has (that one's first). Takes
/// n log n steps, whoever chose the keys.
[[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> duplicate_key(
    const Object& members);

}  // namespace primocane
