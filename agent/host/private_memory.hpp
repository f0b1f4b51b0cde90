// SPDX-License-Identifier: Apache-2.0
// Keeps what the process has in memory to itself.
#pragma once

namespace primocane {

/// From now on the process leaves no core dump and can't be traced by other processes of its user:
/// it holds credentials and Secrets. Children that are started by exec are dumpable again and see
/// to it themselves.
void keep_memory_private();

}  // namespace primocane
