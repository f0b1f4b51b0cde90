// SPDX-License-Identifier: Apache-2.0
// Answer: what a command says and how it ended. Commands return it; main prints it.
#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <string>

namespace primocane {

/// Exit codes, as docs/cli.md promises them.
enum class ExitCode : std::uint8_t {
  done = 0,
  failed = 1,
  changes = 2,           ///< a plan has changes
  usage = 64,            ///< EX_USAGE of sysexits.h
  unsupported = 69,      ///< EX_UNAVAILABLE: this system can't run the agent
  already_running = 75,  ///< EX_TEMPFAIL
  configuration = 78,    ///< EX_CONFIG: starting again does not help
};

struct Answer {
  ExitCode exit_code = ExitCode::done;
  std::string out{};  ///< for standard output
  std::string err{};  ///< for standard error

  bool operator==(const Answer&) const = default;
};

/// A failure as people read it: "primocane: <message>".
[[nodiscard]] inline Answer failed(ExitCode code, const Error& error) {
  return {.exit_code = code, .out = {}, .err = "primocane: " + error.message + "\n"};
}

}  // namespace primocane
