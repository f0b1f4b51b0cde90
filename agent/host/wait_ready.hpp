// SPDX-License-Identifier: Apache-2.0
// Waiting for a descriptor in a coroutine.
#pragma once

#include "base/event_loop.hpp"
#include "base/task.hpp"

namespace primocane {

/// Returns when `descriptor` (borrowed) is ready for one of `interest`, broken or hung up.
Task<void> wait_until_ready(EventLoop& loop, int descriptor, Readiness interest);

}  // namespace primocane
