// SPDX-License-Identifier: Apache-2.0
// What a Kustomization of Flux adds to the build of a folder: before it to the folder's
// kustomization (fluxcd/pkg kustomize, kustomize_generator.go), after it to the objects
// (kustomize-controller, build and apply).
#pragma once

#include "base/error.hpp"
#include "flux/build_settings.hpp"
#include "render/draft.hpp"
#include "render/file_loader.hpp"
#include "render/kustomization_file.hpp"

#include <vector>

namespace primocane {

/// Puts the settings into `file`, the kustomization at the Kustomization's path that `loader` reads
/// for. One that was written there and lists no resources gets the annotations of `buildMetadata`,
/// as in Flux, where it would be empty otherwise.
[[nodiscard]] Result<void> add_settings(KustomizationFile& file, const BuildSettings& settings,
                                        const FileLoader& loader);

/// Puts variables and common metadata into the `drafts`, which are built and decrypted. `invalid`,
/// naming the object, for what Substitution::apply refuses, and for what is no object any more.
[[nodiscard]] Result<void> finish_drafts(std::vector<Draft>& drafts, const BuildSettings& settings,
                                         const DocumentLimits& limits);

}  // namespace primocane
