// SPDX-License-Identifier: Apache-2.0
#include "base/event_loop.hpp"

namespace primocane {

Task<void> sleep_for(EventLoop& loop, Duration delay) {
  Completion<bool> elapsed;
  const std::unique_ptr<Registration> timer = loop.after(delay, [&] { elapsed.complete(true); });
  co_await elapsed;
}

}  // namespace primocane
