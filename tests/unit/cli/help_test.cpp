// SPDX-License-Identifier: Apache-2.0
// docs/cli.md holds the help of each command. UPDATE_EXPECTED=1 writes it anew.
#include "cli/command_line.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

namespace primocane {

namespace {

constexpr const char* document_path = "docs/cli.md";
constexpr const char* mark = "<!-- from --help: do not edit below -->\n";

std::string help_of(const std::vector<std::string>& arguments) {
  return std::get<Answer>(read_command_line(arguments, {})).out;
}

std::string all_help() {
  std::string text = fmt::format("\n## primocane\n\n```\n{}```\n", help_of({"--help"}));
  for (const CommandDescription& command : describe_command_line().commands) {
    text += fmt::format("\n## primocane {}\n\n```\n{}```\n", command.name,
                        help_of({command.name, "--help"}));
  }
  return text;
}

}  // namespace

TEST_CASE("the document about the commands holds their help") {
  std::ifstream file(document_path);
  std::ostringstream stream;
  stream << file.rdbuf();
  const std::string document = stream.str();
  const std::size_t end_of_prose = document.find(mark);
  REQUIRE(end_of_prose != std::string::npos);
  const std::string expected = document.substr(0, end_of_prose) + mark + all_help();
  if (std::getenv("UPDATE_EXPECTED") != nullptr) {
    std::ofstream(document_path) << expected;
    SKIP("docs/cli.md was written anew");
  }
  CHECK(document == expected);
}

}  // namespace primocane
