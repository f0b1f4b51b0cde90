// SPDX-License-Identifier: Apache-2.0
// primocane status: asks the agent, or shows what the last one left.
#include "cli/commands.hpp"
#include "cli/known_status.hpp"
#include "cli/output.hpp"
#include "host/system_clock.hpp"
#include "report/status.hpp"

namespace primocane {

Answer run_status(const GlobalOptions& options) {
  return show_known_status(options, [&options](const Value& value, const Status& status,
                                               Answer& answer) {
    if (status.state != AgentState::ready) answer.exit_code = ExitCode::failed;
    answer.out = print(options.output, value, describe_status(status, SystemClock().wall_now()));
  });
}

}  // namespace primocane
