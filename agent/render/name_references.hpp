// SPDX-License-Identifier: Apache-2.0
// When objects got other names, what names them follows
// (api/filters/nameref and api/internal/accumulator of kustomize 5.8.1).
#pragma once

#include "base/error.hpp"
#include "render/draft.hpp"
#include "render/transformer_config.hpp"

#include <vector>

namespace primocane {

/// Changes every reference in `drafts`, in the fields that `references` lists, that means one of
/// them by a name it had before. `invalid`
/// if it is not clear which one is meant, or a role binding leaves the namespace of a service
/// account blank.
[[nodiscard]] Result<void> fix_name_references(std::vector<Draft>& drafts,
                                               const std::vector<NameBackReference>& references);

}  // namespace primocane
