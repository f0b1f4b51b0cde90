// SPDX-License-Identifier: Apache-2.0
// Files that are in a repository but never meant for the cluster: what Flux leaves out of a source
// unless told otherwise (fluxcd/pkg sourceignore).
#pragma once

#include "source/source_tree.hpp"

namespace primocane {

/// Whether a walk through a folder passes by `entry`: version control, CI and tools' own files.
[[nodiscard]] bool is_excluded(const TreeEntry& entry);

}  // namespace primocane
