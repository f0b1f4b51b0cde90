// SPDX-License-Identifier: Apache-2.0
// The INI format of SOPS (stores/ini/store.go), as gopkg.in/ini.v1 reads and writes it.
#pragma once

#include "base/error.hpp"
#include "secrets/sops_tree.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// The sections as mappings, the first one "DEFAULT" for what stands before any. A comment stands
/// behind the key that it was above of, that of a section at its beginning. `invalid`, with `name`
/// and line and without the text, for a line that is neither.
[[nodiscard]] Result<SopsBranch> read_sops_ini(std::string_view content, std::string_view name);

/// `invalid`, with `name`, for anything but sections of plain values.
[[nodiscard]] Result<std::string> write_sops_ini(const std::vector<SopsBranch>& branches,
                                                 std::string_view name);

}  // namespace primocane
