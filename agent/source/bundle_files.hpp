// SPDX-License-Identifier: Apache-2.0
// The files in which bundles (bundle_tree.hpp) are kept: NAME.bundle in a folder of our own.
#pragma once

#include "base/error.hpp"
#include "base/unique_fd.hpp"

#include <set>
#include <string>
#include <string_view>

namespace primocane {

inline constexpr std::string_view bundle_suffix = ".bundle";

/// Opens the bundle `path`, for a box. Errors as os_error().
[[nodiscard]] Result<UniqueFd> open_bundle(const std::string& path);

/// Removes the bundles in `folder` but those with these paths, and what power cuts have left. Best
/// effort: what stays is tried again the next time.
void remove_bundles_but(const std::string& folder, const std::set<std::string>& kept);

}  // namespace primocane
