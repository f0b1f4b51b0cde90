// SPDX-License-Identifier: Apache-2.0
// Gives what the process has freed back to the node.
#pragma once

namespace primocane {

/// What a pass needs beyond what stays is a few times that; without this the C library keeps most
/// of it for the next one.
void return_free_memory();

}  // namespace primocane
