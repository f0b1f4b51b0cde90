// SPDX-License-Identifier: Apache-2.0
// Names of branches and refs, by the rules of git-check-ref-format(1).
#pragma once

#include <string_view>

namespace primocane {

/// Whether `name` ("refs/heads/main") is a ref that git would take. Such a name never leaves the
/// folder it is appended to.
[[nodiscard]] bool is_ref_name(std::string_view name);

/// Whether `name` ("main", "feature/x") is a branch: "refs/heads/<name>" is a ref, and `name` can't
/// be taken for an option.
[[nodiscard]] bool is_branch_name(std::string_view name);

}  // namespace primocane
