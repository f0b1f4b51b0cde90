// SPDX-License-Identifier: Apache-2.0
// Taking back a folder that a boxed child wrote to.
#pragma once

#include <string>

namespace primocane {

/// Makes this process's user the owner of `folder` and of the plain files in it, readable for all
/// and writable for the owner only: a later child, which runs as the same other user, cannot
/// change what an earlier one made. Anything that is no plain file with a single name is left as
/// it is. Best effort; what fails belongs to the box's user still.
void reclaim_folder(const std::string& folder);

}  // namespace primocane
