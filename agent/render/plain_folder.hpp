// SPDX-License-Identifier: Apache-2.0
// A folder without a kustomization file: the kustomization that Flux generates for it
// (fluxcd/pkg kustomize, kustomize_generator.go).
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "render/kustomization_file.hpp"
#include "render/kustomize.hpp"
#include "source/source_tree.hpp"

namespace primocane {

/// The kustomization that lists every .yaml and .yml file below `folder`, in lexical order, and
/// instead of what is in a sub-folder with a kustomization file that folder. `invalid` if folders
/// lie too deep within each other or are too many. What a source leaves out is not in `tree`
/// (request_shape.hpp).
[[nodiscard]] Result<KustomizationFile> generate_kustomization(const SourceTree& tree,
                                                               const RelativePath& folder,
                                                               const RenderLimits& limits);

}  // namespace primocane
