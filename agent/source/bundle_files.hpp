// SPDX-License-Identifier: Apache-2.0
// The files in which bundles (bundle_tree.hpp) are kept: NAME.bundle in a folder of our own.
#pragma once

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "document/value.hpp"

#include <set>
#include <string>
#include <string_view>

namespace primocane {

inline constexpr std::string_view bundle_suffix = ".bundle";

/// Opens the bundle `path`, for a box. Errors as os_error().
[[nodiscard]] Result<UniqueFd> open_bundle(const std::string& path);

/// What is written down of the bundle `path`, by which damage is found later: its size and the hash
/// of all of it, which is read for that. Errors as os_error().
[[nodiscard]] Result<Value> seal_of_bundle(const std::string& path);

/// Whether a bundle is at `path`, as long as `seal` says, which a power cut most often changes.
/// Without a seal any length will do.
[[nodiscard]] bool is_bundle_there(const std::string& path, const Value* seal);

/// Whether all of the bundle `path` is what `seal` was made of; reads all of it.
[[nodiscard]] bool is_bundle_whole(const std::string& path, const Value* seal);

/// Removes the bundles in `folder` but those with these paths, and what power cuts have left. Best
/// effort: what stays is tried again the next time.
void remove_bundles_but(const std::string& folder, const std::set<std::string>& kept);

}  // namespace primocane
