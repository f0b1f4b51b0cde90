// SPDX-License-Identifier: Apache-2.0
// The command line as values: which command, with which options. CLI11 stays in its source file.
#pragma once

#include "cli/answer.hpp"
#include "cli/init_questions.hpp"
#include "cli/object_reference.hpp"
#include "cli/since.hpp"
#include "render/kustomize.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace primocane {

enum class OutputFormat : std::uint8_t { text, json, yaml };
enum class Shell : std::uint8_t { bash, zsh };
enum class Wait : std::uint8_t { no, yes };

/// What every command takes.
struct GlobalOptions {
  std::string config_file = "/etc/primocane/config.yaml";
  std::string state_dir = "/var/lib/primocane";
  std::string runtime_dir = "/run/primocane";
  OutputFormat output = OutputFormat::text;

  [[nodiscard]] std::string control_socket() const { return runtime_dir + "/control"; }
  [[nodiscard]] std::string status_file() const { return runtime_dir + "/status.json"; }
};

/// The defaults with what systemd says in STATE_DIRECTORY and RUNTIME_DIRECTORY, each a list of
/// paths with colons whose first one is ours, or "".
[[nodiscard]] GlobalOptions default_options(std::string_view state_directory,
                                            std::string_view runtime_directory);

struct AgentCommand {};
struct StatusCommand {};
struct GetCommand {};
struct TreeCommand {};
struct DriftCommand {
  std::optional<Since> since;
};
struct ExplainCommand {
  ObjectReference object;
};
struct ReconcileCommand {
  Wait wait = Wait::no;
  std::string confirm_prune;  ///< hash of a list of deletions, or ""
  bool accept_rewrite = false;
};
struct SuspendCommand {
  std::string kustomization;                       ///< NAME or NAMESPACE/NAME; "" for the root
  std::optional<std::chrono::seconds> duration{};  ///< none: until it is resumed
};
struct ResumeCommand {
  std::string kustomization;
};
struct PlanCommand {
  std::string revision;  ///< branch, tag or commit; "" for the branch's newest
  std::string folder;    ///< of this machine, instead of a revision
};
struct AdoptCommand {
  bool dry_run = false;  ///< says what would be done
};
struct ReleaseCommand {
  bool dry_run = false;
};
struct BuildCommand {
  std::string folder = ".";
  Reorder reorder = Reorder::legacy;
  LoadRestrictor load_restrictor = LoadRestrictor::root_only;
  std::string age_key_file;  ///< decrypts what SOPS encrypted; "" for leaving it as it is
};
struct InitCommand {
  InitAnswers answers;   ///< those that options give
  bool yes = false;      ///< ask nothing
  bool offline = false;  ///< ask no server
  bool force = false;    ///< replace a configuration
};
struct CheckConfigCommand {};
struct DoctorCommand {};
struct VersionCommand {};
struct CompletionCommand {
  Shell shell = Shell::bash;
};

using Command =
    std::variant<AgentCommand, StatusCommand, GetCommand, TreeCommand, ReconcileCommand,
                 SuspendCommand, ResumeCommand, PlanCommand, AdoptCommand, ReleaseCommand,
                 BuildCommand, InitCommand, CheckConfigCommand, DoctorCommand, VersionCommand,
                 CompletionCommand, DriftCommand, ExplainCommand>;

struct CommandLine {
  GlobalOptions options;
  Command command;
};

/// Reads the arguments (without the program's name). `defaults` are the options in force where the
/// command line says nothing. Help and usage errors are answers.
[[nodiscard]] std::variant<CommandLine, Answer> read_command_line(
    const std::vector<std::string>& arguments, const GlobalOptions& defaults);

/// An option as completion needs it.
struct OptionDescription {
  std::vector<std::string> names;  ///< "--output", "-o"
  std::string help;
  std::string value;  ///< "" for a flag, else "FILE", "DIR", "text|json|yaml", ...
};

/// A command, or the program itself.
struct CommandDescription {
  std::string name;
  std::string help;
  std::vector<OptionDescription> options;
  std::string argument;  ///< of the positional one, as OptionDescription::value; "" for none
  std::vector<CommandDescription> commands;
};

/// What read_command_line() takes, from the same definition.
[[nodiscard]] CommandDescription describe_command_line();

enum class Required : std::uint8_t { no, yes };

/// What the help of a command says beside its options. A manual page has room for it.
struct CommandProse {
  std::string details;        ///< what it does, examples, exit codes
  std::string argument_help;  ///< of the positional argument, or ""
  Required argument = Required::no;
};

/// The prose of a command that describe_command_line() names, or of the program itself for "".
[[nodiscard]] CommandProse describe_prose(const std::string& command);

}  // namespace primocane
