// SPDX-License-Identifier: Apache-2.0
// The kustomize engine's front door: a folder of a SourceTree becomes a list of resources.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "document/limits.hpp"
#include "render/draft.hpp"
#include "render/file_loader.hpp"
#include "render/remote_trees.hpp"
#include "source/source_tree.hpp"

#include <cstdint>
#include <vector>

namespace primocane {

struct BuildSettings;

struct RenderLimits {
  DocumentLimits document;
  std::uint64_t files_max = 20'000;
  std::uint64_t objects_max = 20'000;
  std::uint32_t depth_max = 50;  ///< kustomizations within kustomizations
};

/// In which order the objects come unless the kustomization's `sortOptions` say.
enum class Reorder : std::uint8_t {
  legacy,  ///< kustomize's default: by kind
  none,    ///< as they were read
};

struct BuildOptions {
  RenderLimits limits;
  LoadRestrictor load_restrictor = LoadRestrictor::none;
  Reorder reorder = Reorder::legacy;
  /// What a Kustomization of Flux adds to the folder's kustomization; null for plain kustomize.
  const BuildSettings* settings = nullptr;
};

/// Builds `folder`: by its kustomization file if it has one, else, as Flux does, from every .yaml
/// and .yml file below it (fluxcd/pkg kustomize, Generator.WriteFile: lexical order, a
/// sub-folder with a kustomization file is built by it and not walked into), and as the options'
/// settings say. Errors are `invalid` and name file and line. Whether Kubernetes would take the
/// objects is not asked here, and nothing is substituted (flux_build.hpp).
[[nodiscard]] Result<std::vector<Draft>> build_folder(const SourceTree& tree, RemoteTrees& remotes,
                                                      const RelativePath& folder,
                                                      const BuildOptions& options);

}  // namespace primocane
