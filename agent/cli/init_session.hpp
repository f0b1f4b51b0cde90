// SPDX-License-Identifier: Apache-2.0
// InitSession: the loop of `primocane init` between a person who may leave at any moment and tests
// that take their time.
#pragma once

#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "host/epoll_loop.hpp"
#include "host/signal_watch.hpp"
#include "host/system_clock.hpp"

#include <memory>
#include <string>

namespace primocane {

/// SIGINT, SIGTERM and SIGHUP end what is awaited, so that whoever waits can tidy up.
class InitSession {
 public:
  [[nodiscard]] static Result<std::unique_ptr<InitSession>> start();

  [[nodiscard]] EventLoop& loop() { return *loop_; }

  /// What `task` returns; `cancelled` if the person leaves before.
  [[nodiscard]] Result<std::string> run(Task<Result<std::string>> task);

  /// Waits until `descriptor` can be read; `cancelled` if the person leaves before.
  [[nodiscard]] Result<void> wait_readable(int descriptor);

 private:
  InitSession() = default;

  SystemClock clock_;
  std::unique_ptr<EpollLoop> loop_;
  std::unique_ptr<SignalWatch> signals_;
  bool is_left_ = false;
};

}  // namespace primocane
