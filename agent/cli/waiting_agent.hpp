// SPDX-License-Identifier: Apache-2.0
// WaitingAgent: the agent while something is missing that it can't begin without: its
// configuration, the right time, a disk that takes writes. It says what, answers on the control
// socket, and looks again every few seconds.
#pragma once

#include "base/error.hpp"
#include "cli/agent_life.hpp"
#include "cli/control_service.hpp"
#include "report/event.hpp"
#include "report/status.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace primocane {

class WaitingAgent {
 public:
  /// What it waits for, for people, or nothing when the wait is over. Asked on the loop, every two
  /// seconds and on SIGHUP; returns at once.
  using Missing = std::function<std::optional<std::string>()>;

  /// `told` is what the process said last that it waits for, and is changed by this wait: each is
  /// told once.
  WaitingAgent(const GlobalOptions& options, const Environment& environment, Missing missing,
               std::string& told);

  /// `conflict` where another agent serves the control socket. A socket that can't be made for
  /// another reason is done without.
  Result<void> prepare();

  LifeEnd run();

 private:
  void look();

  AgentLife life_;
  Missing missing_;
  std::string& told_;
  Status status_;
  ControlService control_{status_};
  std::unique_ptr<EventSink> events_;
  std::unique_ptr<Registration> timer_;
  std::unique_ptr<VarlinkServer> server_;
};

}  // namespace primocane
