// SPDX-License-Identifier: Apache-2.0
// Metadata of SOPS in formats without lists and mappings: "age__list_0__map_enc"
// (stores/flatten.go).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"

#include <string_view>

namespace primocane {

/// The mapping that the flat one stands for; all scalars are strings, and "\n" in them a line
/// break. `invalid`, beginning with `name`, if two keys contradict each other, or there are more
/// than 2000, 100 in a list, or 10 levels.
[[nodiscard]] Result<Value> unflatten(const Value& flat, std::string_view name);

}  // namespace primocane
