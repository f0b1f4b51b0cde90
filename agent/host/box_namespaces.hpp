// SPDX-License-Identifier: Apache-2.0
// How a boxed process makes a folder its whole file system and leaves all else behind.
#pragma once

#include "base/error.hpp"
#include "host/box.hpp"

namespace primocane {

/// As root: namespaces of its own where the kernel grants them (a container may not), chroot into
/// `setup.root`, and the identity of `setup.user` for good. A writable root is given to that user.
/// Errors name the step that failed; the process must end then.
[[nodiscard]] Result<void> isolate_as_root(const BoxSetup& setup);

/// As an ordinary user: user, mount, network, IPC and UTS namespaces, chroot into `setup.root`.
/// Where the system does not let users have them it fails, and the process may go on.
[[nodiscard]] Result<void> isolate_as_user(const BoxSetup& setup);

}  // namespace primocane
