// SPDX-License-Identifier: Apache-2.0
// primocane version.
#include "cli/commands.hpp"
#include "cli/output.hpp"

#include <fmt/format.h>

namespace primocane {

Answer run_version(const GlobalOptions& options, const Environment& environment) {
  return {.exit_code = ExitCode::done,
          .out = print(options.output, Object{{"version", environment.version}},
                       fmt::format("primocane {}\n", environment.version))};
}

}  // namespace primocane
