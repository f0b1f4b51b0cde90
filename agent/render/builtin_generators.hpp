// SPDX-License-Identifier: Apache-2.0
// What a kustomization's generators make: those of its own fields, and those that `generators`
// configure.
#pragma once

#include "base/error.hpp"
#include "render/build_metadata.hpp"
#include "render/draft.hpp"
#include "render/file_loader.hpp"
#include "render/kustomization_file.hpp"

#include <optional>
#include <vector>

namespace primocane {

/// What one generator has made.
struct Generated {
  std::vector<Draft> drafts;
  std::optional<ResourceOrigin> origin;  ///< what `buildMetadata` says made it
};

/// What configMapGenerator and secretGenerator make. `origin` is where kustomize says that the
/// kustomization is; nothing without `buildMetadata`. `invalid` for what is wrong in the rules or
/// in the files that they name.
[[nodiscard]] Result<std::vector<Generated>> own_generated(
    const KustomizationFile& file, const FileLoader& loader,
    const std::optional<ResourceOrigin>& origin);

/// What the generator makes that `configuration`, an object with apiVersion "builtin", configures.
/// `invalid` for other plugins, which would have to be executed, and for kinds that are none.
[[nodiscard]] Result<Generated> builtin_generated(const Draft& configuration,
                                                  const FileLoader& loader);

}  // namespace primocane
