// SPDX-License-Identifier: Apache-2.0
// Merges lists with elements that lack a key or are of another kind, step by step as kustomize
// does.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "render/list_merge.hpp"
#include "render/patch_node.hpp"

#include <span>
#include <string_view>

namespace primocane {

/// What merge_elements says, for any lists. Takes the square of their length.
[[nodiscard]] Result<void> merge_odd_elements(Array& target, Array* patch,
                                              std::span<const std::string_view> keys,
                                              const MergeElement& merge, MergeBudget& budget);

}  // namespace primocane
