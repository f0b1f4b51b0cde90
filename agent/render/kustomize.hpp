// SPDX-License-Identifier: Apache-2.0
// The kustomize engine's front door: a folder of a SourceTree becomes a list of resources.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "document/limits.hpp"
#include "resource/resource.hpp"
#include "source/source_tree.hpp"

#include <cstdint>
#include <vector>

namespace primocane {

struct RenderLimits {
  DocumentLimits document;
  std::uint64_t files_max = 20'000;
  std::uint64_t objects_max = 20'000;
  std::uint32_t depth_max = 50;  ///< kustomizations within kustomizations
};

/// Builds `folder`: by its kustomization file if it has one, else, as Flux does, from every .yaml
/// and .yml file below it (fluxcd/pkg kustomize, Generator.WriteFile: lexical order, a
/// sub-folder with a kustomization file is built by it and not walked into). The order is
/// kustomize's. Errors are `invalid` and name file and line.
[[nodiscard]] Result<std::vector<Resource>> build_folder(const SourceTree& tree,
                                                         const RelativePath& folder,
                                                         const RenderLimits& limits);

}  // namespace primocane
