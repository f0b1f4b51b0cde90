// SPDX-License-Identifier: Apache-2.0
// Completion scripts hold every command and option.
#include "cli/completion.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <string>

namespace primocane {

TEST_CASE("a completion script knows every command, option and word") {
  const Shell shell = GENERATE(Shell::bash, Shell::zsh);
  const CommandDescription program = describe_command_line();
  const std::string script = write_completion(program, shell);
  const auto check_options = [&script](const CommandDescription& command) {
    for (const OptionDescription& option : command.options) {
      for (const std::string& name : option.names) {
        CAPTURE(name);
        CHECK(script.find(name) != std::string::npos);
      }
    }
  };
  check_options(program);
  for (const CommandDescription& command : program.commands) {
    CAPTURE(command.name);
    CHECK(script.find(command.name) != std::string::npos);
    check_options(command);
  }
  CHECK(script.find("text json yaml") != std::string::npos);
  CHECK(script.find("bash zsh") != std::string::npos);
}

TEST_CASE("a help text can't end a string of the zsh script") {
  const CommandDescription program{
      .name = "p",
      .help = {},
      .options = {{.names = {"--x"}, .help = "it's [a: b]", .value = {}}},
      .argument = {},
      .commands = {}};
  const std::string script = write_completion(program, Shell::zsh);
  CHECK(script.find(R"('--x[it'\''s \[a\: b\]]')") != std::string::npos);
}

}  // namespace primocane
