// SPDX-License-Identifier: Apache-2.0
// What a renderer takes of a tree: what its source says, and what Flux leaves out of each folder
// that it makes a kustomization for.
#pragma once

#include "render/render_request.hpp"
#include "source/source_tree.hpp"
#include "source/tree_shape.hpp"

#include <optional>

namespace primocane {

/// The shape in which `request` reads `whole`, all of its tree: nothing for all of it. Where the
/// source says nothing of Flux's own patterns, they count if the folder to render has no
/// kustomization file: a walk takes whatever it meets, files of CI and of tools too.
[[nodiscard]] std::optional<TreeShape> request_shape(const SourceTree& whole,
                                                     const RenderRequest& request);

}  // namespace primocane
