// SPDX-License-Identifier: Apache-2.0
// The `configurations` and `crds` fields of a kustomization: files that say which further fields
// transformers change (builtinconfig.MakeTransformerConfig, accumulator.LoadConfigFromCRDs of
// kustomize 5.8.1).
#pragma once

#include "base/error.hpp"
#include "render/file_loader.hpp"
#include "render/kustomization_file.hpp"
#include "render/transformer_config.hpp"

namespace primocane {

/// `config`, which bases have left (null where none has), and what is built in and what the files
/// of `file` add. `invalid` for what is wrong in them.
[[nodiscard]] Result<SharedConfig> with_configurations(SharedConfig config,
                                                       const SharedConfig& built_in,
                                                       const KustomizationFile& file,
                                                       const FileLoader& loader);

}  // namespace primocane
