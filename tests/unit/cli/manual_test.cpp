// SPDX-License-Identifier: Apache-2.0
// Manual pages hold every command and option, and nothing in them is taken for markup.
#include "cli/manual.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace primocane {

namespace {

const ManualEdition edition{.version = "1.2.3", .date = "2026-11-28"};

bool contains(const ManualPage& page, std::string_view text) {
  return page.text.find(text) != std::string::npos;
}

std::string escape_hyphens(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped += c == '-' ? std::string("\\-") : std::string(1, c);
  return escaped;
}

CommandDescription program_with(CommandDescription command) {
  return {.name = "p",
          .help = "Does it.",
          .options = {},
          .argument = {},
          .commands = {std::move(command)}};
}

ManualPage page_of(const CommandDescription& command, const CommandProse& prose) {
  return write_command_page(program_with(command), command, prose, edition);
}

// The page of a command about which nothing is said but `details`.
ManualPage page_with(std::string details) {
  return page_of({.name = "c", .help = "do it", .options = {}, .argument = {}, .commands = {}},
                 {.details = std::move(details), .argument_help = {}, .argument = Required::no});
}

}  // namespace

TEST_CASE("there is a manual page for the program and for every command, with every option") {
  const std::vector<ManualPage> pages = write_manual(edition);
  const CommandDescription program = describe_command_line();
  REQUIRE(pages.size() == program.commands.size() + 1);
  CHECK(pages.front().file == "primocane.1");
  for (std::size_t i = 0; i < program.commands.size(); ++i) {
    const CommandDescription& command = program.commands[i];
    const ManualPage& page = pages[i + 1];
    CAPTURE(command.name);
    CHECK(page.file == "primocane-" + command.name + ".1");
    CHECK(contains(pages.front(), "\\fBprimocane\\-" + escape_hyphens(command.name) + "\\fR(1)"));
    CHECK(contains(page, "primocane 1.2.3"));
    CHECK(contains(page, "2026-11-28"));
    for (const OptionDescription& option : command.options) {
      for (const std::string& name : option.names) {
        CAPTURE(name);
        CHECK(contains(page, "\\fB" + escape_hyphens(name) + "\\fR"));
      }
    }
  }
}

TEST_CASE("what --help says is in the manual pages") {
  const std::vector<ManualPage> pages = write_manual(edition);
  CHECK(contains(pages.front(), ".SH EXIT STATUS\n.TP\n\\fB0\\fR\ndone\n"));
  CHECK(contains(pages.front(), ".TP\n\\fB/etc/primocane/config.yaml\\fR\n"));
  const auto of = [&pages](std::string_view file) {
    for (const ManualPage& page : pages) {
      if (page.file == file) return page;
    }
    return ManualPage{};
  };
  CHECK(contains(of("primocane-plan.1"), "\\fB\\-\\-revision\\fR \\fIREV\\fR\n"));
  CHECK(contains(of("primocane-build.1"), "[\\fIDIR\\fR]\n"));
  CHECK(contains(of("primocane-build.1"), "The folder to render"));
  CHECK(contains(of("primocane-completion.1"), "... \\fIbash|zsh\\fR\n"));
}

TEST_CASE("no text of a manual page is taken for markup or printed as another character") {
  const ManualPage page = page_of(
      {.name = "c",
       .help = "print 'a\\b' or \"c\" in `d` ^ ~e",
       .options = {{.names = {"--x-y"}, .help = ".so /etc/passwd", .value = "a|b"}},
       .argument = {},
       .commands = {}},
      {.details = ".TH first\n'br second\nthird", .argument_help = {}, .argument = Required::no});
  CHECK(contains(page, "Print \\(aqa\\eb\\(aq or \\(dqc\\(dq in \\(gad\\(ga \\(ha \\(tie.\n"));
  CHECK(contains(page, ".TP\n\\fB\\-\\-x\\-y\\fR \\fIa|b\\fR\n\\&.so /etc/passwd.\n"));
  CHECK(contains(page, "\n\\&.TH first\n\\(aqbr second\nthird\n"));
}

TEST_CASE("a paragraph of a help text is one in the manual page") {
  const ManualPage page = page_with("One line\nand the next.\n\nAnother: here.");
  CHECK(contains(page,
                 ".SH DESCRIPTION\nDo it.\n.PP\nOne line\nand the next.\n.PP\nAnother: here.\n"));
}

TEST_CASE("a table of a help text is a section in the manual page") {
  const ManualPage page = page_with(
      "Examples:\n  p c --all            all of it\n  p c\n\nThings:\n  a   first\n      and more\n"
      "  b\n      below\n\nExit codes:\n  0   done");
  CHECK(contains(page, ".SH EXAMPLES\n.TP\n\\fBp c \\-\\-all\\fR\nall of it\n.PP\n\\fBp c\\fR\n"));
  CHECK(contains(page, ".SH THINGS\n.TP\n\\fBa\\fR\nfirst and more\n.TP\n\\fBb\\fR\nbelow\n"));
  CHECK(contains(page, ".SH EXIT STATUS\n.TP\n\\fB0\\fR\ndone\n"));
}

TEST_CASE("examples are the last section of a manual page that is made of the help text") {
  const ManualPage page = page_with("Examples:\n  p c\n\nThings:\n  a\n\nExit codes:\n  0   done");
  const std::size_t examples = page.text.find(".SH EXAMPLES\n\\fBp c\\fR\n");
  REQUIRE(examples != std::string::npos);
  CHECK(page.text.find(".SH EXIT STATUS") < page.text.find(".SH THINGS"));
  CHECK(page.text.find(".SH THINGS") < examples);
  CHECK(examples < page.text.find(".SH SEE ALSO"));
}

TEST_CASE("the name of a manual page is a phrase that whatis can print") {
  const CommandDescription program =
      program_with({.name = "c", .help = "do it", .options = {}, .argument = {}, .commands = {}});
  const ManualPage page = write_program_page(
      program, {.details = {}, .argument_help = {}, .argument = Required::no}, edition);
  CHECK(contains(page, ".SH NAME\np \\- does it\n"));
  CHECK(contains(page_with(""), ".SH NAME\np\\-c \\- do it\n"));
}

}  // namespace primocane
