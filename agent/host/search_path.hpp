// SPDX-License-Identifier: Apache-2.0
// Finding a program as a shell does.
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace primocane {

/// The file that `program` means: itself when it has a "/", else the first executable file of that
/// name in the folders of `path` ("/usr/bin:/bin"). Folders that are not absolute are left out.
/// `invalid` when there is none.
[[nodiscard]] Result<std::string> search_path(std::string_view program, std::string_view path);

}  // namespace primocane
