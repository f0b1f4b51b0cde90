// SPDX-License-Identifier: Apache-2.0
// What is known of the agent's state: by its own words or, where none runs, by those it left.
#pragma once

#include "cli/answer.hpp"
#include "cli/command_line.hpp"
#include "document/value.hpp"
#include "report/status.hpp"

#include <functional>
#include <string>

namespace primocane {

/// How a command shows a status: `value` is the status as JSON. Fills in `answer`, whose exit code
/// is ExitCode::failed already where no agent runs.
using ShowStatus = std::function<void(const Value& value, const Status& status, Answer& answer)>;

/// Asks the running agent, or reads the last snapshot and says on standard error that it did, and
/// shows it by `show`.
[[nodiscard]] Answer show_known_status(const GlobalOptions& options, const ShowStatus& show);

}  // namespace primocane
