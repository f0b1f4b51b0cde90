// SPDX-License-Identifier: Apache-2.0
// A tree of those paths alone that begin with certain texts: spec.sparseCheckout of a
// GitRepository.
#pragma once

#include "base/error.hpp"
#include "source/linked_tree.hpp"

#include <memory>
#include <string>
#include <vector>

namespace primocane {

/// Flux takes each of `prefixes`, without a "./" before it, as the beginning of paths: "app" takes
/// "apps/a.yaml" as well (go-git, plumbing/format/index, SkipUnless). `invalid` if one of them is
/// nothing in `tree`.
[[nodiscard]] Result<std::unique_ptr<StoredTree>> sparse_tree(
    std::unique_ptr<StoredTree> tree, const std::vector<std::string>& prefixes);

}  // namespace primocane
