// SPDX-License-Identifier: Apache-2.0
// What the lives of the agent's process have in common: one with a configuration (RunningAgent) and
// one that waits for something (WaitingAgent). Each builds all it needs, its loop too, and leaves
// nothing: a changed configuration is a new life, not a change of the old one.
#pragma once

#include "base/error.hpp"
#include "cli/command_line.hpp"
#include "cli/commands.hpp"
#include "cli/control_service.hpp"
#include "cli/status_snapshot.hpp"
#include "host/epoll_loop.hpp"
#include "host/service_manager.hpp"
#include "host/signal_watch.hpp"
#include "host/system_clock.hpp"
#include "host/varlink_server.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace primocane {

/// Why a life ended.
enum class LifeEnd : std::uint8_t {
  stopped,  ///< by SIGTERM or SIGINT: the process ends
  renewed,  ///< the next one begins
};

/// Loop, signals and service manager of one life. Lives on its own loop's thread.
class AgentLife {
 public:
  /// Both are borrowed.
  AgentLife(const GlobalOptions& options, const Environment& environment);
  AgentLife(const AgentLife&) = delete;
  AgentLife& operator=(const AgentLife&) = delete;
  ~AgentLife() = default;

  /// Makes the loop; `hang_up` is called on it for SIGHUP.
  Result<void> prepare(std::function<void()> hang_up);

  /// Serves the control socket by `service`, which is borrowed, until what it returns is destroyed:
  /// before anything that a call may have to do with. `conflict` where another agent serves it.
  Result<std::unique_ptr<VarlinkServer>> serve(ControlService& service);

  /// Tells the service manager that we are ready, feeds its watchdog while `is_alive` says so, and
  /// runs until it is told to end. `begin` is the first thing that is done on the loop.
  LifeEnd run(std::function<void()> begin, std::function<bool()> is_alive);

  /// Ends run(); the next life begins.
  void renew();

  /// Tells `status` to whoever asks: the service manager, and the snapshot for when nobody does.
  void tell(const Status& status);

  [[nodiscard]] EpollLoop& loop() { return *loop_; }
  [[nodiscard]] const SystemClock& clock() const { return clock_; }
  [[nodiscard]] const GlobalOptions& options() const { return options_; }
  [[nodiscard]] const Environment& environment() const { return environment_; }

 private:
  const GlobalOptions& options_;
  const Environment& environment_;
  SystemClock clock_;
  LifeEnd end_ = LifeEnd::stopped;
  StatusSnapshot snapshot_;
  std::unique_ptr<EpollLoop> loop_;
  std::unique_ptr<SignalWatch> signals_;
  std::unique_ptr<ServiceManager> service_manager_;
};

}  // namespace primocane
