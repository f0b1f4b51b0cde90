// SPDX-License-Identifier: Apache-2.0
// The JSON that SOPS writes (stores/json/store.go).
#pragma once

#include "base/error.hpp"
#include "secrets/sops_tree.hpp"

#include <string>
#include <string_view>

namespace primocane {

/// The members in their order, indented by tabs. `invalid`, with `name`, for a string that is no
/// UTF-8.
[[nodiscard]] Result<std::string> write_sops_json(SopsBranch branch, std::string_view name);

}  // namespace primocane
