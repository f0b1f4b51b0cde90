// SPDX-License-Identifier: Apache-2.0
// ControlService: what can be asked of the running agent over its control socket: the Varlink
// interface dev.primocane.Agent (docs/control-socket.md).
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "document/value.hpp"
#include "reconcile/agent.hpp"
#include "report/drift_log.hpp"

#include <list>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

inline constexpr std::string_view agent_interface = "dev.primocane.Agent";

/// In Varlink's interface definition language.
[[nodiscard]] std::string_view agent_interface_description();

/// The methods that it has.
[[nodiscard]] std::vector<std::string> agent_methods();

/// Answers the calls. Lives on the loop's thread; the agent outlives it.
class ControlService {
 public:
  /// `status` and `drift`, which outlive it as well, are what it tells.
  ControlService(Agent& agent, const Status& status, const DriftLog& drift)
      : agent_(&agent), drift_(&drift), status_(status) {}
  /// Of an agent that waits for something and has no passes.
  explicit ControlService(const Status& status) : status_(status) {}

  /// `invalid` for an unknown method or wrong parameters.
  Task<Result<Value>> call(std::string method, Value parameters);

 private:
  Task<Result<Value>> reconcile(Value parameters);
  [[nodiscard]] std::unexpected<Error> has_not_begun() const;
  Task<Result<Value>> change_pause(PauseVerb verb, Value parameters);

  Agent* agent_ = nullptr;
  const DriftLog* drift_ = nullptr;
  const Status& status_;
  std::list<Job> unwaited_;  // passes that somebody asked for and did not wait for
};

}  // namespace primocane
