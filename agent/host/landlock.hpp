// SPDX-License-Identifier: Apache-2.0
// Landlock: the kernel's way for a process to give up files (landlock(7)).
#pragma once

#include "host/box_writing.hpp"

namespace primocane {

/// Whether the kernel has Landlock, and it is switched on.
[[nodiscard]] bool has_landlock();

/// Gives up every file but those beneath the current folder, and what is not reading there where
/// `writing` is refused. Executing is never left. False where the kernel has no Landlock or it is
/// switched off. Needs no_new_privs.
[[nodiscard]] bool restrict_to_current_folder(BoxWriting writing);

}  // namespace primocane
