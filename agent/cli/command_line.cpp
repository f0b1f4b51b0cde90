// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

#include "base/quantity.hpp"
#include "cli/help.hpp"
#include "cli/pause_text.hpp"
#include "document/schema_reader.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace primocane {

namespace {

constexpr std::array<std::string_view, 3> format_words{"text", "json", "yaml"};
constexpr std::array<std::string_view, 2> shell_words{"bash", "zsh"};
constexpr std::array<std::string_view, 1> adopted_words{"flux"};
// As kustomize spells them, in the order of the enumerators.
constexpr std::array<std::string_view, 2> restrictor_words{"LoadRestrictionsRootOnly",
                                                           "LoadRestrictionsNone"};
constexpr std::array<std::string_view, 2> reorder_words{"legacy", "none"};

// What ends the help of each command.
constexpr std::string_view see_program = "\n\nThe options of all commands: primocane --help";

// What the parser writes into, and the command that it found.
struct Taken {
  GlobalOptions options;
  std::string output{format_words.front()};
  std::string shell;
  std::string since;
  std::string explained;
  std::string namespace_name;
  ReconcileCommand reconcile;
  bool wants_wait = false;
  SuspendCommand suspend;
  std::string suspend_duration;
  ResumeCommand resume;
  PlanCommand plan;
  AdoptCommand adopt;
  std::string adopted;
  ReleaseCommand release;
  BuildCommand build;
  std::string load_restrictor{restrictor_words.front()};
  std::string reorder{reorder_words.front()};
  InitCommand init;
  std::optional<Command> command;
};

// Adds an option whose value is one of `words`.
void restrict_to(CLI::Option& option, std::span<const std::string_view> words) {
  const std::string joined = fmt::format("{}", fmt::join(words, "|"));
  option.type_name(joined);
  option.check(
      [words](const std::string& given) {
        if (std::ranges::find(words, given) != words.end()) return std::string();
        return fmt::format("\"{}\" is none of {}", given, fmt::join(words, ", "));
      },
      "");
}

std::size_t index_of(std::span<const std::string_view> words, std::string_view word) {
  return static_cast<std::size_t>(std::ranges::find(words, word) - words.begin());
}

// An empty word is a variable that is not set: it must not mean everything.
void require_word(CLI::Option& option) {
  option.check(
      [](const std::string& given) {
        return given.empty() ? std::string("must not be empty") : std::string();
      },
      "");
}

CLI::App& add_command(CLI::App& app, const CommandHelp& help) {
  CLI::App& command = *app.add_subcommand(std::string(help.name), std::string(help.summary));
  command.group("Commands");
  command.footer(fmt::format("{}{}", help.details, see_program));
  return command;
}

void add_global_options(CLI::App& app, Taken& taken) {
  const auto add = [&app](const std::string& names, std::string& into, const std::string& type,
                          const std::string& help) {
    return app.add_option(names, into, help)->type_name(type)->group("Options of all commands");
  };
  add("--config", taken.options.config_file, "FILE", "the configuration");
  add("--state-dir", taken.options.state_dir, "DIR", "Git mirror and caches");
  add("--runtime-dir", taken.options.runtime_dir, "DIR", "control socket and status snapshot");
  CLI::Option* output =
      add("-o,--output", taken.output, "", "how to print: text (the default), json or yaml");
  restrict_to(*output, format_words);
}

void add_drift(CLI::App& app, Taken& taken) {
  CLI::App& command = add_command(app, drift_help);
  require_word(
      *command.add_option("--since", taken.since, "how far back: 30m, 2h, a date or a time")
           ->type_name("TIME"));
  command.callback([&taken] {
    DriftCommand drift;
    if (!taken.since.empty()) {
      const Result<Since> since = parse_since(taken.since);
      if (!since) throw CLI::ValidationError("--since", since.error().message);
      drift.since = *since;
    }
    taken.command = drift;
  });
}

void add_explain(CLI::App& app, Taken& taken) {
  CLI::App& command = add_command(app, explain_help);
  command
      .add_option("OBJECT", taken.explained, "as KIND/NAME, KIND.GROUP/NAME or KIND/NAMESPACE/NAME")
      ->type_name("")
      ->required();
  require_word(*command
                    .add_option("-n,--namespace", taken.namespace_name,
                                "the namespace that it is in (default: any)")
                    ->type_name("NAME"));
  command.callback([&taken] {
    Result<ObjectReference> object = parse_object_reference(taken.explained, taken.namespace_name);
    if (!object) throw CLI::ValidationError("OBJECT", object.error().message);
    taken.command = ExplainCommand{std::move(*object)};
  });
}

void add_reconcile(CLI::App& app, Taken& taken) {
  CLI::App& command = add_command(app, reconcile_help);
  command.add_flag("--wait", taken.wants_wait,
                   "wait, an hour at most, for the pass and print its report");
  command
      .add_option("--confirm-prune", taken.reconcile.confirm_prune,
                  "allow exactly the deletions that a refusal listed with this hash")
      ->type_name("HASH");
  command.add_flag("--accept-rewrite", taken.reconcile.accept_rewrite,
                   "take the branch as it is, though its history was rewritten");
  command.callback([&taken] {
    taken.reconcile.wait = taken.wants_wait ? Wait::yes : Wait::no;
    taken.command = taken.reconcile;
  });
}

// "2h" as whole seconds.
std::chrono::seconds read_pause_duration(const std::string& text) {
  const Result<Duration> duration = parse_duration(text);
  if (!duration) throw CLI::ValidationError("--for", duration.error().message);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(*duration);
  if (seconds.count() >= 1 && seconds <= pause_max) return seconds;
  throw CLI::ValidationError(
      "--for", fmt::format("{} is no pause: from one second to ten years are allowed", text));
}

void add_suspend(CLI::App& app, Taken& taken) {
  CLI::App& command = add_command(app, suspend_help);
  require_word(*command
                    .add_option("KUSTOMIZATION", taken.suspend.kustomization,
                                "NAME or NAMESPACE/NAME (default: all of them)")
                    ->type_name(""));
  require_word(*command
                    .add_option("--for", taken.suspend_duration,
                                "how long: 30m, 2h (default: until resumed)")
                    ->type_name("DURATION"));
  command.callback([&taken] {
    if (!taken.suspend_duration.empty()) {
      taken.suspend.duration = read_pause_duration(taken.suspend_duration);
    }
    taken.command = taken.suspend;
  });
}

void add_resume(CLI::App& app, Taken& taken) {
  CLI::App& command = add_command(app, resume_help);
  require_word(*command
                    .add_option("KUSTOMIZATION", taken.resume.kustomization,
                                "NAME or NAMESPACE/NAME (default: the pause of all of them)")
                    ->type_name(""));
  command.callback([&taken] { taken.command = taken.resume; });
}

void add_plan(CLI::App& app, Taken& taken) {
  CLI::App& command = add_command(app, plan_help);
  command.add_option("--revision", taken.plan.revision, "a branch, tag or commit")
      ->type_name("REV");
  command.add_option("--path", taken.plan.folder, "a folder of this machine instead of a commit")
      ->type_name("DIR");
  command.callback([&taken] {
    if (!taken.plan.revision.empty() && !taken.plan.folder.empty()) {
      throw CLI::ValidationError("--revision and --path exclude each other");
    }
    taken.command = taken.plan;
  });
}

void add_adopt(CLI::App& app, Taken& taken) {
  CLI::App& command = add_command(app, adopt_help);
  restrict_to(*command.add_option("tool", taken.adopted, "whose cluster it was")->required(),
              adopted_words);
  command.add_flag("--dry-run", taken.adopt.dry_run, "change nothing, and say what would be done");
  command.callback([&taken] { taken.command = taken.adopt; });
}

void add_release(CLI::App& app, Taken& taken) {
  CLI::App& command = add_command(app, release_help);
  command.add_flag("--dry-run", taken.release.dry_run,
                   "change nothing, and say what would be done");
  command.callback([&taken] { taken.command = taken.release; });
}

void add_build(CLI::App& app, Taken& taken) {
  CLI::App& command = add_command(app, build_help);
  command.add_option("DIR", taken.build.folder, "the folder to render (default: this one)")
      ->type_name("");
  restrict_to(*command.add_option("--load-restrictor", taken.load_restrictor,
                                  "which files a kustomization may name: those in its folder and "
                                  "below (the default), or all of the repository, as the agent"),
              restrictor_words);
  restrict_to(*command.add_option("--reorder", taken.reorder,
                                  "print the objects by kind (the default), or as they are read"),
              reorder_words);
  command
      .add_option("--age-key-file", taken.build.age_key_file,
                  "decrypt what SOPS encrypted for the age identities in it (default: nothing is "
                  "decrypted)")
      ->type_name("FILE");
  command.callback([&taken] {
    taken.build.load_restrictor =
        static_cast<LoadRestrictor>(index_of(restrictor_words, taken.load_restrictor));
    taken.build.reorder = static_cast<Reorder>(index_of(reorder_words, taken.reorder));
    taken.command = taken.build;
  });
}

void add_init(CLI::App& app, Taken& taken) {
  CLI::App& command = add_command(app, init_help);
  InitCommand& init = taken.init;
  const auto add = [&](InitTopic topic, const char* type, const char* help) {
    command.add_option(std::string(option_of(topic)), init.answers[topic], help)->type_name(type);
  };
  add(InitTopic::url, "URL", "of the Git repository");
  add(InitTopic::branch, "NAME", "the branch to follow");
  add(InitTopic::path, "DIR", "the folder in the repository");
  add(InitTopic::ca_file, "FILE", "the CA of the server's certificate");
  add(InitTopic::token_file, "FILE", "holds a bearer token");
  add(InitTopic::username, "NAME", "for --password-file");
  add(InitTopic::password_file, "FILE", "holds a password or an access token");
  add(InitTopic::ssh_key, "FILE", "private key");
  add(InitTopic::known_hosts, "FILE", "the server's host keys");
  add(InitTopic::kubeconfig, "FILE", "the way to the API server");
  add(InitTopic::age_key_file, "FILE", "age identities for what SOPS encrypted");
  command.add_flag("--yes", init.yes, "ask nothing: what is not given has its default");
  command.add_flag("--offline", init.offline, "test nothing that needs the network");
  command.add_flag("--force", init.force,
                   "write a new configuration where there is one; the old one is kept as FILE.bak");
  command.callback([&taken] {
    std::erase_if(taken.init.answers, [](const auto& answer) { return answer.second.empty(); });
    taken.command = taken.init;
  });
}

// The whole command line, which puts what it reads into `taken`.
std::unique_ptr<CLI::App> make_app(Taken& taken) {
  auto app =
      std::make_unique<CLI::App>(std::string(program_help.summary), std::string(program_help.name));
  app->footer(std::string(program_help.details));
  app->get_formatter()->column_width(28);
  app->get_formatter()->label("SUBCOMMAND", "COMMAND");
  app->set_help_flag("-h,--help", "print this help");
  app->fallthrough();
  app->require_subcommand(0, 1);
  add_global_options(*app, taken);
  add_command(*app, agent_help).callback([&taken] { taken.command = AgentCommand{}; });
  add_command(*app, status_help).callback([&taken] { taken.command = StatusCommand{}; });
  add_command(*app, get_help).callback([&taken] { taken.command = GetCommand{}; });
  add_command(*app, tree_help).callback([&taken] { taken.command = TreeCommand{}; });
  add_drift(*app, taken);
  add_explain(*app, taken);
  add_reconcile(*app, taken);
  add_suspend(*app, taken);
  add_resume(*app, taken);
  add_plan(*app, taken);
  add_adopt(*app, taken);
  add_release(*app, taken);
  add_build(*app, taken);
  add_init(*app, taken);
  add_command(*app, check_config_help).callback([&taken] { taken.command = CheckConfigCommand{}; });
  add_command(*app, doctor_help).callback([&taken] { taken.command = DoctorCommand{}; });
  add_command(*app, version_help).callback([&taken] { taken.command = VersionCommand{}; });
  CLI::App& completion = add_command(*app, completion_help);
  restrict_to(*completion.add_option("shell", taken.shell, "the shell to complete for")->required(),
              shell_words);
  completion.callback([&taken] {
    taken.command = CompletionCommand{static_cast<Shell>(index_of(shell_words, taken.shell))};
  });
  return app;
}

// The words that could have stood where `app` found one that it does not know.
std::vector<std::string> known_words(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    words.push_back(command->get_name());
  }
  for (const CLI::App* level = &app; level != nullptr; level = level->get_parent()) {
    for (const CLI::Option* option : level->get_options()) {
      for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
    }
  }
  return words;
}

Answer refuse(const CLI::App& app, const std::string& message) {
  const std::vector<CLI::App*> selected = app.get_subcommands();
  const std::string command =
      selected.empty() ? "primocane" : "primocane " + selected.front()->get_name();
  return {.exit_code = ExitCode::usage,
          .out = {},
          .err = fmt::format("{}: {}\nTry '{} --help'.\n", command, message, command)};
}

Answer refuse_extras(const CLI::App& app) {
  const std::vector<std::string> extras = app.remaining(/*recurse=*/true);
  const std::vector<CLI::App*> selected = app.get_subcommands();
  const std::vector<std::string> words = known_words(selected.empty() ? app : *selected.front());
  const std::vector<std::string_view> candidates(words.begin(), words.end());
  const std::string_view extra = extras.empty() ? std::string_view() : extras.front();
  const std::string_view meant = nearest(extra, std::span<const std::string_view>(candidates));
  return refuse(app, fmt::format("\"{}\" is unknown{}", extra,
                                 meant.empty() ? "" : fmt::format("; did you mean {}?", meant)));
}

std::string option_value(const CLI::Option& option) {
  if (option.get_items_expected_max() == 0) return {};
  const std::string type = option.get_type_name();
  return type.empty() ? option.get_name(/*positional=*/true) : type;
}

CommandDescription describe(const CLI::App& app) {
  CommandDescription description{.name = app.get_name(),
                                 .help = app.get_description(),
                                 .options = {},
                                 .argument = {},
                                 .commands = {}};
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) {
      description.argument = option_value(*option);
      continue;
    }
    OptionDescription described{
        .names = {}, .help = option->get_description(), .value = option_value(*option)};
    for (const std::string& name : option->get_snames()) described.names.push_back("-" + name);
    for (const std::string& name : option->get_lnames()) described.names.push_back("--" + name);
    description.options.push_back(std::move(described));
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    description.commands.push_back(describe(*command));
  }
  return description;
}

std::string first_of(std::string_view list, std::string fallback) {
  const std::string_view first = list.substr(0, list.find(':'));
  return first.empty() ? std::move(fallback) : std::string(first);
}

}  // namespace

GlobalOptions default_options(std::string_view state_directory,
                              std::string_view runtime_directory) {
  GlobalOptions options;
  options.state_dir = first_of(state_directory, std::move(options.state_dir));
  options.runtime_dir = first_of(runtime_directory, std::move(options.runtime_dir));
  return options;
}

std::variant<CommandLine, Answer> read_command_line(const std::vector<std::string>& arguments,
                                                    const GlobalOptions& defaults) {
  Taken taken;
  taken.options = defaults;
  const std::unique_ptr<CLI::App> app = make_app(taken);
  try {
    app->parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    return Answer{.exit_code = ExitCode::done, .out = app->help()};
  } catch (const CLI::ExtrasError&) {
    return refuse_extras(*app);
  } catch (const CLI::ParseError& error) {
    return refuse(*app, error.what());
  }
  if (!taken.command) {
    return Answer{.exit_code = ExitCode::usage, .out = {}, .err = app->help()};
  }
  taken.options.output = static_cast<OutputFormat>(index_of(format_words, taken.output));
  return CommandLine{.options = std::move(taken.options), .command = std::move(*taken.command)};
}

CommandDescription describe_command_line() {
  Taken taken;
  return describe(*make_app(taken));
}

CommandProse describe_prose(const std::string& command) {
  Taken taken;
  const std::unique_ptr<CLI::App> program = make_app(taken);
  if (command.empty()) {
    return {.details = program->get_footer(), .argument_help = {}, .argument = Required::no};
  }
  const CLI::App& app = *program->get_subcommand(command);
  CommandProse prose{.details = app.get_footer(), .argument_help = {}, .argument = Required::no};
  prose.details.resize(prose.details.size() - see_program.size());
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) continue;
    prose.argument_help = option->get_description();
    prose.argument = option->get_required() ? Required::yes : Required::no;
  }
  return prose;
}

}  // namespace primocane
