// SPDX-License-Identifier: Apache-2.0
// Transformers: what a kustomization does to the objects that it has gathered, as a list of steps:
// those of its own fields, and those that `transformers` and `validators` configure.
#pragma once

#include "base/error.hpp"
#include "render/build_metadata.hpp"
#include "render/draft.hpp"
#include "render/file_loader.hpp"
#include "render/kustomization_file.hpp"
#include "render/patch_schema.hpp"
#include "render/transformer_config.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace primocane {

using Transform = std::function<Result<void>(std::vector<Draft>&)>;

/// One step.
struct Transformer {
  Transform run;
  std::optional<ResourceOrigin> origin;  ///< what `buildMetadata` says changed the objects
};

/// What transformers are made from. Borrows all of it.
struct TransformerSources {
  const FileLoader& loader;  ///< for the files that they name
  const PatchSchema& schema;
  /// Where kustomize says that the kustomization is; nothing without `buildMetadata`.
  const std::optional<ResourceOrigin>& origin;
};

/// The steps of the kustomization's own fields, in kustomize's order
/// (api/internal/target/kusttarget_configplugin.go). `invalid` for what is wrong in them or in the
/// files that they name.
[[nodiscard]] Result<std::vector<Transformer>> own_transformers(const KustomizationFile& file,
                                                                const SharedConfig& config,
                                                                const TransformerSources& sources);

/// The step that `configuration`, an object with apiVersion "builtin", configures. `invalid` for
/// other plugins, which would have to be executed, and for kinds that are no transformers.
[[nodiscard]] Result<Transformer> builtin_transformer(const Draft& configuration,
                                                      const TransformerSources& sources);

/// Runs the steps one after the other; objects that one of them leaves empty are taken out.
[[nodiscard]] Result<void> run_transformers(std::vector<Draft>& drafts,
                                            const std::vector<Transformer>& transformers);

}  // namespace primocane
