// SPDX-License-Identifier: Apache-2.0
// The graph of Kustomizations for people: as a list, as `flux get kustomizations` prints it, and as
// a tree.
#pragma once

#include "base/clock.hpp"
#include "report/kustomization_status.hpp"

#include <string>
#include <vector>

namespace primocane {

/// A table with a line for each.
[[nodiscard]] std::string list_kustomizations(const std::vector<KustomizationStatus>& all,
                                              WallTime now);

/// Each below the one that contains it; those whose container is not among `all` stand at the top.
[[nodiscard]] std::string draw_kustomizations(const std::vector<KustomizationStatus>& all);

}  // namespace primocane
