// SPDX-License-Identifier: Apache-2.0
// primocane suspend, primocane resume: maintenance windows.
#include "cli/ask_agent.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/pause_text.hpp"

#include <string>
#include <utility>

namespace primocane {

namespace {

Answer ask_for_pause(const GlobalOptions& options, PauseVerb verb, Object parameters) {
  const Result<Value> answer =
      call_agent(options.control_socket(), verb == PauseVerb::suspend ? "Suspend" : "Resume",
                 std::move(parameters), pass_patience);
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
