// SPDX-License-Identifier: Apache-2.0
// Manual pages, made from the description of the command line and the texts of --help, so that they
// can't drift. Only packaging/man_pages.cpp refers to this: the linker leaves it out of the
// program.
#pragma once

#include "cli/command_line.hpp"

#include <string>
#include <vector>

namespace primocane {

/// What stands at the foot of each page.
struct ManualEdition {
  std::string version;
  std::string date;  ///< as 2026-11-28
};

struct ManualPage {
  std::string file;  ///< "primocane-plan.1"
  std::string text;  ///< in the format of man(7)
};

/// The page of `program` itself.
[[nodiscard]] ManualPage write_program_page(const CommandDescription& program,
                                            const CommandProse& prose,
                                            const ManualEdition& edition);

/// The page of one command of `program`.
[[nodiscard]] ManualPage write_command_page(const CommandDescription& program,
                                            const CommandDescription& command,
                                            const CommandProse& prose,
                                            const ManualEdition& edition);

/// The pages of all that read_command_line() takes, the program's first.
[[nodiscard]] std::vector<ManualPage> write_manual(const ManualEdition& edition);

}  // namespace primocane
