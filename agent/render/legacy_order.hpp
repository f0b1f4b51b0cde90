// SPDX-License-Identifier: Apache-2.0
// The orders of kustomize: of objects by kind and name, of kinds
// (api/internal/builtins/SortOrderTransformer.go, kyaml/resid/gvk.go of kustomize 5.8.1).
#pragma once

#include "render/draft.hpp"

#include <string>
#include <vector>

namespace primocane {

/// Kinds that come before and behind all others, each list in its order: what `sortOptions` says.
struct KindOrder {
  std::vector<std::string> first;
  std::vector<std::string> last;

  bool operator==(const KindOrder&) const = default;
};

/// The order in which `kustomize build` prints unless told otherwise.
[[nodiscard]] KindOrder default_kind_order();

/// Sorts by rank of kind, then by group, version and kind, then by namespace and name.
void sort_legacy(std::vector<Draft>& drafts, const KindOrder& order);

/// Whether rules about kind `a` come before those about kind `b` (Gvk.IsLessThan).
[[nodiscard]] bool comes_before(const VersionedKind& a, const VersionedKind& b);

}  // namespace primocane
