// SPDX-License-Identifier: Apache-2.0
// The order in which `kustomize build` prints objects unless told otherwise
// (api/internal/builtins/SortOrderTransformer.go of kustomize 5.8.1).
#pragma once

#include "resource/resource.hpp"

#include <string_view>
#include <vector>

namespace primocane {

/// The place of a kind: lower comes first. Kinds that are not listed share one.
[[nodiscard]] int legacy_rank(std::string_view kind);

/// Sorts by rank of kind, then by group, version and kind, then by namespace and name.
void sort_legacy(std::vector<Resource>& resources);

}  // namespace primocane
