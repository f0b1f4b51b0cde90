// SPDX-License-Identifier: Apache-2.0
// The system calls that are left in a box.
#pragma once

#include "host/box_writing.hpp"

namespace primocane {

/// Whether the kernel has seccomp.
[[nodiscard]] bool has_seccomp();

/// Allows what reading, computing and answering need and nothing else, for the rest of the
/// process: no sockets, no new processes or threads, no programs, no tracing, no new executable
/// memory. A call that is not allowed kills the process (SIGSYS); opening a file for writing fails
/// with EROFS where it is refused, and a few harmless questions fail. Needs no_new_privs. False
/// where the kernel has no seccomp filters.
[[nodiscard]] bool filter_system_calls(BoxWriting writing);

}  // namespace primocane
