// SPDX-License-Identifier: Apache-2.0
// ServiceManager: what systemd is told (sd_notify(3)): readiness, status, and that we are alive.
#pragma once

#include "base/clock.hpp"
#include "base/event_loop.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace primocane {

/// Does nothing where no service manager listens (NOTIFY_SOCKET is unset).
class ServiceManager {
 public:
  /// `loop` is borrowed.
  explicit ServiceManager(EventLoop& loop) : loop_(loop) {}

  /// The configuration is valid and the loop runs.
  void ready();
  /// One line for `systemctl status`.
  void status(std::string_view line);
  /// Feeds the watchdog at half its time for as long as `is_alive` says so. Without WatchdogSec it
  /// does nothing.
  void feed_watchdog(std::function<bool()> is_alive);

 private:
  void feed();

  EventLoop& loop_;
  std::function<bool()> is_alive_;
  Duration pause_{};
  std::unique_ptr<Registration> timer_;
};

}  // namespace primocane
