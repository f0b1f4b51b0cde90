// SPDX-License-Identifier: Apache-2.0
#include "cli/known_status.hpp"

#include "cli/ask_agent.hpp"
#include "document/json.hpp"
#include "host/read_file.hpp"

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

Answer show_known_status(const GlobalOptions& options, const ShowStatus& show) {
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
  show(*value, *status, answer);
  return answer;
}

}  // namespace primocane
