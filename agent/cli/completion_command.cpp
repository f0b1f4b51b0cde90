// SPDX-License-Identifier: Apache-2.0
// primocane completion.
#include "cli/commands.hpp"
#include "cli/completion.hpp"

namespace primocane {

Answer run_completion(const CompletionCommand& command) {
  return {.exit_code = ExitCode::done,
          .out = write_completion(describe_command_line(), command.shell)};
}

}  // namespace primocane
