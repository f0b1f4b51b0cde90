// SPDX-License-Identifier: Apache-2.0
// SignalWatch: signals as callbacks on the event loop.
#pragma once

#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/unique_fd.hpp"

#include <csignal>
#include <functional>
#include <map>
#include <memory>

namespace primocane {

/// Takes signals through a signalfd, so that nothing of ours ever runs in a signal handler. Made
/// before any thread is started: threads inherit which signals are blocked. Children that Children
/// starts begin with all signals unblocked.
class SignalWatch {
 public:
  /// From the number of a signal (SIGHUP, SIGTERM, ...) to what is called on the loop. A callback
  /// may destroy the watch.
  using Callbacks = std::map<int, std::function<void()>>;

  /// `unavailable` when the kernel has no descriptor left. `loop` outlives the watch.
  [[nodiscard]] static Result<std::unique_ptr<SignalWatch>> make(EventLoop& loop,
                                                                 Callbacks callbacks);
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  /// Signals have their former effect again; one that arrived meanwhile and was not called takes
  /// it.
  ~SignalWatch();

 private:
  SignalWatch(UniqueFd descriptor, sigset_t former_mask, Callbacks callbacks);
  void take();

  UniqueFd descriptor_;
  sigset_t former_mask_;
  std::shared_ptr<const Callbacks> callbacks_;
  std::unique_ptr<Registration> registration_;
};

/// Writing to a pipe or socket that nobody reads fails with EPIPE instead of ending the process.
/// For main; programs that Children starts get the default again.
void ignore_broken_pipes();

}  // namespace primocane
