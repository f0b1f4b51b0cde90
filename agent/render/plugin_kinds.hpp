// SPDX-License-Identifier: Apache-2.0
// Which objects in `generators`, `transformers` and `validators` may be run.
#pragma once

#include "base/error.hpp"
#include "render/draft.hpp"

namespace primocane {

/// `invalid` unless `configuration` is for a plugin that is a part of kustomize (apiVersion
/// "builtin"): others are programs or containers, and none is ever started here.
[[nodiscard]] Result<void> require_builtin(const Draft& configuration);

}  // namespace primocane
