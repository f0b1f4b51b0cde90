// SPDX-License-Identifier: Apache-2.0
// From a tree to what Git desires: the rendering itself, without the box and the pipes around it.
#pragma once

#include "base/error.hpp"
#include "render/kustomize.hpp"
#include "render/render_request.hpp"
#include "resource/desired.hpp"
#include "source/source_tree.hpp"

#include <cstdint>
#include <functional>

namespace primocane {

/// The limits of `request` as the engine takes them.
[[nodiscard]] RenderLimits limits_of(const RenderRequest& request);

/// Builds `request.path` of `tree` and hands the objects over one by one, so that only one exists
/// in two forms at a time. Returns how many there were. `invalid`, with file and line, for what is
/// wrong in Git; some objects may have been handed over by then.
[[nodiscard]] Result<std::uint64_t> render_desired(
    const SourceTree& tree, const RenderRequest& request,
    const std::function<void(const DesiredObject&)>& take);

}  // namespace primocane
