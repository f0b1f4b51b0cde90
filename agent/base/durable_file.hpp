// SPDX-License-Identifier: Apache-2.0
// Files that are there after a power cut: either the old content or the new, whole.
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// Whether a change must survive a power cut, or may be lost in one.
enum class Durability : std::uint8_t { synced, lazy };

/// What replace_file() adds to the name of the file that it has not finished yet. A cut leaves it.
inline constexpr std::string_view unfinished_suffix = ".new";

/// Gives the file `path` new content by a temporary file beside it and a rename. Errors name the
/// file: `unavailable` for all of them, as a full disk may have room again.
[[nodiscard]] Result<void> replace_file(const std::string& path, std::string_view content,
                                        Durability durability, unsigned mode = 0640);

/// Renames without syncing the folders.
[[nodiscard]] Result<void> rename_file(const std::string& from, const std::string& to);

/// Makes what was created, renamed or removed in `folder` durable.
[[nodiscard]] Result<void> sync_folder(const std::string& folder);

/// Makes a folder with mode 0750 unless it is there. A link to one is an error: what lies in it is
/// not ours to change.
[[nodiscard]] Result<void> make_folder(const std::string& path);

/// Removes what cuts have left of replace_file() in `folder`. Best effort: what can't be removed
/// now is tried again the next time.
void remove_unfinished(const std::string& folder);

/// The content of a file of at most `limit` (more is `invalid`); nothing if there is none.
[[nodiscard]] Result<std::optional<std::string>> read_if_there(const std::string& path,
                                                               ByteCount limit);

}  // namespace primocane
