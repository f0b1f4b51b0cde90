// SPDX-License-Identifier: Apache-2.0
#include "base/child_process.hpp"

#include <fmt/format.h>

#include <csignal>

namespace primocane {

Error describe_box_end(std::string_view what, const ChildExit& exit, std::string_view error_output,
                       std::string_view advice) {
  if (exit.signal == 0 && exit.code == exit_box_denied) {
    return {ErrorKind::denied, fmt::format("{}: {}", what, error_output)};
  }
  if (exit.signal == 0 && exit.code == exit_box_memory) {
    return {ErrorKind::invalid,
            fmt::format("{} needs more memory than it may have; {}", what, advice)};
  }
  std::string how = exit.signal != 0 ? fmt::format("was killed by signal {}", exit.signal)
                                     : fmt::format("ended with code {}", exit.code);
  if (!error_output.empty()) how += fmt::format(": {}", error_output);
  // A limit that the parent enforces is named in the error output; without a word the killer was
  // the kernel, whose first victims these children are when the node runs out of memory.
  if (exit.signal == SIGKILL && error_output.empty()) {
    return {ErrorKind::unavailable, fmt::format("{} {}; is the node short of memory?", what, how)};
  }
  return {ErrorKind::invalid, fmt::format("{} {}; {}", what, how, advice)};
}

}  // namespace primocane
