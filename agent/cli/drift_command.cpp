// SPDX-License-Identifier: Apache-2.0
// primocane drift: what others changed, and how soon it was put right.
#include "cli/ask_agent.hpp"
#include "cli/commands.hpp"
#include "cli/drift_text.hpp"
#include "cli/output.hpp"
#include "host/system_clock.hpp"
#include "report/status.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>

namespace primocane {

namespace {

constexpr std::chrono::days days_in_journal(7);

}  // namespace

Answer run_drift(const GlobalOptions& options, const DriftCommand& command) {
  const WallTime now = SystemClock().wall_now();
  std::optional<WallTime> since;
  if (command.since) since = time_of(*command.since, now);
  Object parameters;
  if (since) parameters.append("since", write_time(*since));
  const Result<Value> told =
      call_agent(options.control_socket(), "GetDrift", std::move(parameters));
  if (!told) {
    Answer answer = failed(ExitCode::failed, told.error());
    answer.err += fmt::format("The journal may tell more: {}\n",
                              journal_command(since.value_or(now - days_in_journal), {}));
    return answer;
  }
  const Result<DriftAnswer> read = read_drift_answer(*told);
  if (!read) return failed(ExitCode::failed, read.error());
  return {.exit_code = ExitCode::done,
          .out = print(options.output, *told, list_drift(*read, since))};
}

}  // namespace primocane
