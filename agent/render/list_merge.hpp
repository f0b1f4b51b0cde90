// SPDX-License-Identifier: Apache-2.0
// Merges the elements of two lists that are matched by keys (kyaml walk/associative_sequence.go).
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "render/patch_node.hpp"

#include <functional>
#include <span>
#include <string_view>

namespace primocane {

/// Merges an element of the patch into one of the target; a null pointer where one has none. The
/// result is one of both, null if it is deleted.
using MergeElement = std::function<Result<Value*>(Value* target, Value* patch)>;

/// Makes `target` the merge of both lists: elements that are new in `patch` come first. Both may be
/// the same list, and `patch` may be a null pointer: then elements that are there twice become one.
/// Without `keys`, the elements are scalars that are matched by themselves.
///
/// Linear, unless elements lack keys. What becomes of such elements is kustomize's, to the point
/// that one can replace all others.
[[nodiscard]] Result<void> merge_elements(Array& target, Array* patch,
                                          std::span<const std::string_view> keys,
                                          const MergeElement& merge, MergeBudget& budget);

}  // namespace primocane
