// SPDX-License-Identifier: Apache-2.0
// primocane suspend, primocane resume: maintenance windows.
#include "cli/ask_agent.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/pause_text.hpp"
#include "host/varlink_client.hpp"

#include <string>
#include <utility>

namespace primocane {

namespace {

Answer ask_for_pause(const GlobalOptions& options, PauseVerb verb, Object parameters) {
  // Tells an agent that is not there from an API server that is not.
  const Result<Value> status = ask_agent(options.control_socket());
  if (!status && status.error().kind == ErrorKind::unavailable) {
    return failed(ExitCode::failed, no_agent_running(status.error()));
  }
  const std::string method = verb == PauseVerb::suspend ? "Suspend" : "Resume";
  const Result<Value> answer =
      call_varlink(options.control_socket(), "dev.primocane.Agent." + method, std::move(parameters),
                   pass_patience);
  if (!answer) return failed(ExitCode::failed, answer.error());
  const Value* pause = answer->find("pause");
  if (pause == nullptr) {
    return failed(ExitCode::failed, {ErrorKind::invalid, "the agent answered without a pause"});
  }
  return {.exit_code = ExitCode::done,
          .out = print(options.output, *pause, describe_pause(verb, *pause))};
}

}  // namespace

Answer run_suspend(const GlobalOptions& options, const SuspendCommand& command) {
  Object parameters;
  if (!command.kustomization.empty()) parameters.append("kustomization", command.kustomization);
  if (command.duration) parameters.append("seconds", command.duration->count());
  return ask_for_pause(options, PauseVerb::suspend, std::move(parameters));
}

Answer run_resume(const GlobalOptions& options, const ResumeCommand& command) {
  Object parameters;
  if (!command.kustomization.empty()) parameters.append("kustomization", command.kustomization);
  return ask_for_pause(options, PauseVerb::resume, std::move(parameters));
}

}  // namespace primocane
