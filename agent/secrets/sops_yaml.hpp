// SPDX-License-Identifier: Apache-2.0
// The YAML that SOPS writes (stores/yaml/store.go): go-yaml v3's, indented by four.
#pragma once

#include "base/error.hpp"
#include "secrets/sops_tree.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// The documents in block style, "---" between them; comments above what follows them, or behind
/// it. `invalid`, with `name`, for a string that is
/// no UTF-8 or a key that does not fit on a line.
[[nodiscard]] Result<std::string> write_sops_yaml(const std::vector<SopsBranch>& branches,
                                                  std::string_view name);

}  // namespace primocane
