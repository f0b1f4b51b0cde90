// SPDX-License-Identifier: Apache-2.0
// From a tree to what Git desires: the rendering itself, without the box and the pipes around it.
#pragma once

#include "base/error.hpp"
#include "render/kustomize.hpp"
#include "render/remote_trees.hpp"
#include "render/render_request.hpp"
#include "render/rendering.hpp"
#include "resource/desired.hpp"
#include "source/source_tree.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace primocane {

/// What `request` asks of the engine.
[[nodiscard]] BuildOptions options_of(const RenderRequest& request);

/// Builds `request.path` of `tree`, with what `remotes` has of elsewhere, decrypts, and
/// finishes it as a Kustomization of Flux says, if the request is of one. `invalid`, with file and
/// line, for what is wrong in Git. `unavailable` when `remotes` is not complete.
[[nodiscard]] Result<std::vector<Draft>> build_request(const SourceTree& tree, RemoteTrees& remotes,
                                                       const RenderRequest& request);

/// The drafts as objects that Kubernetes may take. `invalid`, with file and line, for what
/// kustomize does not look at: names that Kubernetes refuses, and one object in two versions.
[[nodiscard]] Result<std::vector<Resource>> as_resources(std::vector<Draft> drafts);

/// Builds `request.path` of `tree`, with what `remotes` has of elsewhere, and hands the objects
/// over one by one, so that only one exists in two forms at a time. Returns how many it handed
/// over: Flux's own controllers are left out (flux/flux_object.hpp). `invalid`, with file and line,
/// for what is wrong in Git; some objects may have been handed over by then. `unavailable`, and
/// none has, when `remotes` is not complete.
[[nodiscard]] Result<std::uint64_t> render_desired(
    const SourceTree& tree, RemoteTrees& remotes, const RenderRequest& request,
    const std::function<void(const RenderedObject&)>& take);

}  // namespace primocane
