// SPDX-License-Identifier: Apache-2.0
// The commands. Each is a function from its options to an Answer, in a source file of its own.
#pragma once

#include "base/clock.hpp"
#include "cli/answer.hpp"
#include "cli/command_line.hpp"

#include <string>

namespace primocane {

/// What main knows about the process.
struct Environment {
  std::string version;          ///< of this program
  std::string journal_stream;   ///< JOURNAL_STREAM, or ""
  std::string home;             ///< of the user, or ""
  std::string cache_dir;        ///< for what can be had again, or "" where the user has none
  std::string proxy;            ///< for HTTPS, or ""
  std::string credentials_dir;  ///< CREDENTIALS_DIRECTORY of a service, or ""
  WallTime released_at;         ///< no right clock says less
};

/// Returns when the agent is told to end, or can't run.
[[nodiscard]] Answer run_agent(const GlobalOptions& options, const Environment& environment);

[[nodiscard]] Answer run_status(const GlobalOptions& options);
[[nodiscard]] Answer run_get(const GlobalOptions& options);
[[nodiscard]] Answer run_tree(const GlobalOptions& options);
[[nodiscard]] Answer run_drift(const GlobalOptions& options, const DriftCommand& command);
[[nodiscard]] Answer run_explain(const GlobalOptions& options, const ExplainCommand& command);
[[nodiscard]] Answer run_reconcile(const GlobalOptions& options, const ReconcileCommand& command);
[[nodiscard]] Answer run_suspend(const GlobalOptions& options, const SuspendCommand& command);
[[nodiscard]] Answer run_resume(const GlobalOptions& options, const ResumeCommand& command);
[[nodiscard]] Answer run_plan(const GlobalOptions& options, const PlanCommand& command,
                              const Environment& environment);
[[nodiscard]] Answer run_adopt(const GlobalOptions& options, const AdoptCommand& command);
[[nodiscard]] Answer run_release(const GlobalOptions& options, const ReleaseCommand& command);
[[nodiscard]] Answer run_build(const BuildCommand& command, const Environment& environment);
[[nodiscard]] Answer run_init(const GlobalOptions& options, const InitCommand& command);
[[nodiscard]] Answer run_check_config(const GlobalOptions& options);
[[nodiscard]] Answer run_doctor(const GlobalOptions& options, const Environment& environment);
[[nodiscard]] Answer run_version(const GlobalOptions& options, const Environment& environment);
[[nodiscard]] Answer run_completion(const CompletionCommand& command);

}  // namespace primocane
