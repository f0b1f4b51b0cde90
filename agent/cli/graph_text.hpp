// SPDX-License-Identifier: Apache-2.0
// The graph of Kustomizations and the HelmReleases in it for people: as lists, as `flux get` prints
// them, and as a tree.
#pragma once

#include "base/clock.hpp"
#include "report/helm_release_status.hpp"
#include "report/kustomization_status.hpp"

#include <string>
#include <vector>

namespace primocane {

/// A table with a line for each.
[[nodiscard]] std::string list_kustomizations(const std::vector<KustomizationStatus>& all,
                                              WallTime now);
[[nodiscard]] std::string list_helm_releases(const std::vector<HelmReleaseStatus>& all,
                                             WallTime now);

/// Each below the one that contains it, `releases` too; Kustomizations whose container is not among
/// `all` stand at the top.
[[nodiscard]] std::string draw_graph(const std::vector<KustomizationStatus>& all,
                                     const std::vector<HelmReleaseStatus>& releases);

}  // namespace primocane
