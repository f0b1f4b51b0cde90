// SPDX-License-Identifier: Apache-2.0
// primocane status: asks the agent, or shows what the last one left.
#include "cli/ask_agent.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "document/json.hpp"
#include "host/read_file.hpp"
#include "host/system_clock.hpp"
#include "report/status.hpp"

#include <fmt/format.h>

#include <utility>

namespace primocane {

namespace {

constexpr ByteCount snapshot_max(16 * 1024 * 1024);

Result<Value> read_snapshot(const std::string& path) {
  const std::string text = TRY(read_file(path, snapshot_max));
  return read_json(text, path);
}

}  // namespace

Answer run_status(const GlobalOptions& options) {
  Result<Value> value = ask_agent(options.control_socket());
  Answer answer;
  if (!value && value.error().kind == ErrorKind::unavailable) {
    const std::string reason = value.error().message;
    value = read_snapshot(options.status_file());
    answer.exit_code = ExitCode::failed;
    answer.err =
        fmt::format("primocane: no agent is running ({}); {}\n", reason,
                    value ? "this is what it told last" : "start it with: primocane agent");
    if (!value) return answer;
  }
  if (!value) return failed(ExitCode::failed, value.error());
  const Result<Status> status = read_status(*value);
  if (!status) return failed(ExitCode::failed, status.error());
  if (status->state != AgentState::ready) answer.exit_code = ExitCode::failed;
  answer.out = print(options.output, *value, describe_status(*status, SystemClock().wall_now()));
  return answer;
}

}  // namespace primocane
