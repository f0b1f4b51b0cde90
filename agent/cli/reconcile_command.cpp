// SPDX-License-Identifier: Apache-2.0
// primocane reconcile: asks the running agent for a pass.
#include "cli/ask_agent.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/report_text.hpp"

#include <utility>

namespace primocane {

Answer run_reconcile(const GlobalOptions& options, const ReconcileCommand& command) {
  const bool waits = command.wait == Wait::yes;
  Object parameters{{"wait", waits}, {"acceptRewrite", command.accept_rewrite}};
  if (!command.confirm_prune.empty()) parameters.append("confirmPrune", command.confirm_prune);
  const Result<Value> answer =
      call_agent(options.control_socket(), "Reconcile", std::move(parameters),
                 waits ? pass_patience : answer_patience);
  if (!answer) return failed(ExitCode::failed, answer.error());
  const Value* report = answer->find("report");
  if (report == nullptr) {
    return {.exit_code = ExitCode::done,
            .out = print(options.output, *answer, "a pass has been asked for\n")};
  }
  return {.exit_code = is_without_problems(*report) ? ExitCode::done : ExitCode::failed,
          .out = print(options.output, *report, describe_report(*report))};
}

}  // namespace primocane
