// SPDX-License-Identifier: Apache-2.0
// The command line: which command is meant, and what a mistake is answered.
#include "cli/command_line.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

namespace {

CommandLine read(const std::vector<std::string>& arguments, const GlobalOptions& defaults = {}) {
  auto line = read_command_line(arguments, defaults);
  if (const Answer* answer = std::get_if<Answer>(&line)) FAIL(answer->out + answer->err);
  return std::get<CommandLine>(std::move(line));
}

Answer answer_to(const std::vector<std::string>& arguments) {
  auto line = read_command_line(arguments, {});
  REQUIRE(std::holds_alternative<Answer>(line));
  return std::get<Answer>(std::move(line));
}

}  // namespace

TEST_CASE("each command is recognised by its name") {
  CHECK(std::holds_alternative<AgentCommand>(read({"agent"}).command));
  CHECK(std::holds_alternative<StatusCommand>(read({"status"}).command));
  CHECK(std::holds_alternative<DriftCommand>(read({"drift"}).command));
  CHECK(std::holds_alternative<ExplainCommand>(read({"explain", "deployment/web"}).command));
  CHECK(std::holds_alternative<ReconcileCommand>(read({"reconcile"}).command));
  CHECK(std::holds_alternative<PlanCommand>(read({"plan"}).command));
  CHECK(std::holds_alternative<AdoptCommand>(read({"adopt", "flux"}).command));
  CHECK(std::holds_alternative<ReleaseCommand>(read({"release"}).command));
  CHECK(std::holds_alternative<BuildCommand>(read({"build", "x"}).command));
  CHECK(std::holds_alternative<InitCommand>(read({"init"}).command));
  CHECK(std::holds_alternative<CheckConfigCommand>(read({"check-config"}).command));
  CHECK(std::holds_alternative<DoctorCommand>(read({"doctor"}).command));
  CHECK(std::holds_alternative<VersionCommand>(read({"version"}).command));
  CHECK(std::holds_alternative<CompletionCommand>(read({"completion", "zsh"}).command));
}

TEST_CASE("the options of all commands stand before or after the command") {
  const std::vector<std::string> options{"--config", "c", "--state-dir=s", "--runtime-dir", "r"};
  std::vector<std::string> before = options;
  before.insert(before.end(), {"-o", "json", "status"});
  std::vector<std::string> after{"status", "--output", "json"};
  after.insert(after.end(), options.begin(), options.end());
  for (const std::vector<std::string>& arguments : {before, after}) {
    const CommandLine line = read(arguments);
    CHECK(line.options.config_file == "c");
    CHECK(line.options.state_dir == "s");
    CHECK(line.options.runtime_dir == "r");
    CHECK(line.options.output == OutputFormat::json);
  }
}

TEST_CASE("the options of init are answers, and only those that are given") {
  const CommandLine line = read({"init", "--url", "u", "--ssh-known-hosts=k", "--yes"});
  const auto& init = std::get<InitCommand>(line.command);
  CHECK(init.answers == InitAnswers{{InitTopic::url, "u"}, {InitTopic::known_hosts, "k"}});
  CHECK(init.yes);
  CHECK(!init.offline);
}

TEST_CASE("options that are not given keep their defaults") {
  const CommandLine line =
      read({"status"}, {.config_file = "a", .state_dir = "b", .runtime_dir = "c"});
  CHECK(line.options.config_file == "a");
  CHECK(line.options.state_dir == "b");
  CHECK(line.options.control_socket() == "c/control");
  CHECK(line.options.status_file() == "c/status.json");
  CHECK(line.options.output == OutputFormat::text);
}

TEST_CASE("the folders that systemd names are used, the first of each list") {
  const GlobalOptions options = default_options("/srv/state:/srv/other", "/run/x");
  CHECK(options.state_dir == "/srv/state");
  CHECK(options.runtime_dir == "/run/x");
  CHECK(options.config_file == "/etc/primocane/config.yaml");
  const GlobalOptions plain = default_options("", ":/srv");
  CHECK(plain.state_dir == "/var/lib/primocane");
  CHECK(plain.runtime_dir == "/run/primocane");
}

TEST_CASE("reconcile and plan take their options") {
  const auto reconcile = std::get<ReconcileCommand>(
      read({"reconcile", "--wait", "--confirm-prune", "abc", "--accept-rewrite"}).command);
  CHECK(reconcile.wait == Wait::yes);
  CHECK(reconcile.confirm_prune == "abc");
  CHECK(reconcile.accept_rewrite);
  CHECK(std::get<ReconcileCommand>(read({"reconcile"}).command).wait == Wait::no);
  CHECK(std::get<PlanCommand>(read({"plan", "--revision", "v1"}).command).revision == "v1");
  CHECK(std::get<PlanCommand>(read({"plan", "--path", "."}).command).folder == ".");
  CHECK(std::get<BuildCommand>(read({"build", "dir"}).command).folder == "dir");
  const auto build = std::get<BuildCommand>(read({"build", "--age-key-file", "age.key"}).command);
  CHECK(build.age_key_file == "age.key");
}

TEST_CASE("drift and explain take their options") {
  CHECK_FALSE(std::get<DriftCommand>(read({"drift"}).command).since);
  CHECK(std::get<DriftCommand>(read({"drift", "--since", "2h"}).command).since ==
        Since(std::chrono::hours(2)));
  const ObjectReference web{.kind = "Deployment", .name = "web", .namespace_name = "home"};
  CHECK(std::get<ExplainCommand>(read({"explain", "Deployment/home/web"}).command).object == web);
  CHECK(
      std::get<ExplainCommand>(read({"explain", "-n", "home", "Deployment/web"}).command).object ==
      web);
}

TEST_CASE("suspend and resume take a Kustomization, and suspend how long") {
  const auto all = std::get<SuspendCommand>(read({"suspend"}).command);
  CHECK(all.kustomization.empty());
  CHECK_FALSE(all.duration);
  const auto one = std::get<SuspendCommand>(read({"suspend", "apps", "--for", "1h30m"}).command);
  CHECK(one.kustomization == "apps");
  CHECK(one.duration == std::chrono::minutes(90));
  CHECK(std::get<ResumeCommand>(read({"resume", "home/apps"}).command).kustomization ==
        "home/apps");
  for (const char* wrong : {"soon", "0s", "90", "1000000h"}) {
    const auto answer = read_command_line({"suspend", "--for", wrong}, {});
    REQUIRE(std::holds_alternative<Answer>(answer));
    CHECK(std::get<Answer>(answer).exit_code == ExitCode::usage);
  }
}

TEST_CASE("a mistake is a usage error that says what was probably meant") {
  struct Row {
    std::vector<std::string> arguments;
    std::string_view expected;
  };
  const Row row = GENERATE(values<Row>({
      {{"statsu"}, "\"statsu\" is unknown; did you mean status?"},
      {{"reconcile", "--wiat"}, "\"--wiat\" is unknown; did you mean --wait?"},
      {{"status", "--confg", "x"}, "did you mean --config?"},
      {{"status", "extra"}, "\"extra\" is unknown"},
      {{"status", "-o", "xml"}, "\"xml\" is none of text, json, yaml"},
      {{"status", "--config"}, "--config"},

      {{"completion", "fish"}, "\"fish\" is none of bash, zsh"},
      {{"plan", "--path", "a", "--revision", "b"}, "--revision and --path exclude each other"},
      {{"--nonsense"}, "\"--nonsense\" is unknown"},
  }));
  const Answer answer = answer_to(row.arguments);
  CAPTURE(answer.err);
  CHECK(answer.exit_code == ExitCode::usage);
  CHECK(answer.out.empty());
  CHECK(answer.err.find(row.expected) != std::string::npos);
  CHECK(answer.err.find("--help") != std::string::npos);
}

TEST_CASE("no command at all is answered with the help and a usage error") {
  const Answer answer = answer_to({});
  CHECK(answer.exit_code == ExitCode::usage);
  CHECK(answer.err.find("check-config") != std::string::npos);
}

TEST_CASE("every command has a help with examples") {
  const CommandDescription program = describe_command_line();
  REQUIRE(program.commands.size() == 18);
  for (const CommandDescription& command : program.commands) {
    CAPTURE(command.name);
    const Answer answer = answer_to({command.name, "--help"});
    CHECK(answer.exit_code == ExitCode::done);
    CHECK(answer.out.find("Examples:\n") != std::string::npos);
    CHECK(answer.out.find("primocane " + command.name) != std::string::npos);
  }
  const Answer help = answer_to({"--help"});
  for (const CommandDescription& command : program.commands) {
    CHECK(help.out.find("  " + command.name + " ") != std::string::npos);
  }
  CHECK(help.out.find("Exit codes:\n") != std::string::npos);
  CHECK(help.out.find("Files:\n") != std::string::npos);
}

}  // namespace primocane
