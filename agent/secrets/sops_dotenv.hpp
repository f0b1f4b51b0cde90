// SPDX-License-Identifier: Apache-2.0
// The dotenv format of SOPS (stores/dotenv/store.go).
#pragma once

#include "base/error.hpp"
#include "secrets/sops_tree.hpp"

#include <string>
#include <string_view>

namespace primocane {

struct SopsDotenv {
  SopsBranch branch;
  Value metadata;  ///< what stands behind "sops_", flat
};

/// Lines of "key=value", in whose values "\n" is a line break, and comments. `invalid`, with `name`
/// and line, for any other.
[[nodiscard]] Result<SopsDotenv> read_sops_dotenv(std::string_view content, std::string_view name);

/// `invalid`, with `name`, for a list or mapping.
[[nodiscard]] Result<std::string> write_sops_dotenv(const SopsBranch& branch,
                                                    std::string_view name);

}  // namespace primocane
