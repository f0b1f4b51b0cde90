// SPDX-License-Identifier: Apache-2.0
// Which fields hold the names of other objects unless `configurations` say more
// (api/internal/konfig/builtinpluginconsts/namereference.go of kustomize 5.8.1).
#pragma once

#include "render/transformer_config.hpp"

#include <vector>

namespace primocane {

/// All of them, one entry for each kind that is referred to.
[[nodiscard]] std::vector<NameBackReference> default_name_references();

}  // namespace primocane
