// SPDX-License-Identifier: Apache-2.0
// Flux's own objects: input for an agent like this one, never something to apply.
#pragma once

#include "base/error.hpp"
#include "resource/resource.hpp"

#include <vector>

namespace primocane {

/// `invalid`, with file and line, if one of `resources` is of a group of Flux
/// (*.toolkit.fluxcd.io, fluxcd.controlplane.io): they are not supported yet, and to pass them on
/// to a cluster would look as if they were.
[[nodiscard]] Result<void> refuse_unserved_kinds(const std::vector<Resource>& resources);

}  // namespace primocane
