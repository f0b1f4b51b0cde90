// SPDX-License-Identifier: Apache-2.0
// The help texts: what `primocane --help` and docs/cli.md say beside the options.
#pragma once

#include <string_view>

namespace primocane {

struct CommandHelp {
  std::string_view name;
  std::string_view summary;  ///< one line
  std::string_view details;  ///< what it does, examples, exit codes
};

extern const CommandHelp program_help;
extern const CommandHelp agent_help;
extern const CommandHelp status_help;
extern const CommandHelp get_help;
extern const CommandHelp tree_help;
extern const CommandHelp drift_help;
extern const CommandHelp explain_help;
extern const CommandHelp reconcile_help;
extern const CommandHelp suspend_help;
extern const CommandHelp resume_help;
extern const CommandHelp plan_help;
extern const CommandHelp adopt_help;
extern const CommandHelp release_help;
extern const CommandHelp build_help;
extern const CommandHelp init_help;
extern const CommandHelp check_config_help;
extern const CommandHelp doctor_help;
extern const CommandHelp version_help;
extern const CommandHelp completion_help;

}  // namespace primocane
