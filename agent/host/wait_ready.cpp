// SPDX-License-Identifier: Apache-2.0
#include "host/wait_ready.hpp"

#include <memory>

namespace primocane {

// The callback resumes the coroutine, which withdraws the watch: it is called once.
Task<void> wait_until_ready(EventLoop& loop, int descriptor, Readiness interest) {
  Completion<bool> ready;
  const std::unique_ptr<Registration> watch =
      loop.watch(descriptor, interest, [&](Readiness /*readiness*/) { ready.complete(true); });
  co_await ready;
}

}  // namespace primocane
