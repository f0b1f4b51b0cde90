// SPDX-License-Identifier: Apache-2.0
// The order in which kustomize prints the keys of mappings.
#pragma once

#include "document/value.hpp"

#include <string_view>

namespace primocane {

/// Whether kustomize prints key `a` before `b` (go-yaml v2, sorter.go): letters behind other
/// characters, and runs of digits by their value ("a2" before "a10").
[[nodiscard]] bool is_printed_before(std::string_view a, std::string_view b);

/// `value` with the keys of all its mappings in that order.
[[nodiscard]] Value in_printed_order(Value value);

}  // namespace primocane
