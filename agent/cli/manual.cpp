// SPDX-License-Identifier: Apache-2.0
#include "cli/manual.hpp"

#include "base/take_until.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

// A line of a table in a help text: what stands left, and what is said about it.
struct ManualEntry {
  std::string term;
  std::string text;
};

struct ManualSection {
  std::string title;
  std::vector<ManualEntry> entries;
};

// A help text, taken apart: its paragraphs, and its tables by the line above each.
struct ManualParts {
  std::vector<std::string> paragraphs;
  std::vector<ManualSection> sections;
};

// The order of man-pages(7); what is not named here stands before the examples.
constexpr std::array<std::string_view, 5> section_order{"EXIT STATUS", "ENVIRONMENT", "FILES", "",
                                                        "EXAMPLES"};

std::size_t rank_of(std::string_view title) {
  const auto* found = std::ranges::find(section_order, title);
  if (found == section_order.end()) found = std::ranges::find(section_order, "");
  return static_cast<std::size_t>(found - section_order.begin());
}

std::string upper_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string title_of(std::string_view heading) {
  return heading == "Exit codes" ? "EXIT STATUS" : upper_case(std::string(heading));
}

// What troff would take for markup, or print as a typographic sign that no shell understands.
std::string manual_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '\\':
        escaped += "\\e";
        break;
      case '-':
        escaped += "\\-";
        break;
      case '\'':
        escaped += "\\(aq";
        break;
      case '"':
        escaped += "\\(dq";
        break;
      case '`':
        escaped += "\\(ga";
        break;
      case '^':
        escaped += "\\(ha";
        break;
      case '~':
        escaped += "\\(ti";
        break;
      default:
        escaped += c;
    }
  }
  // A dot at the beginning of a line makes it a request; an apostrophe is none any more.
  return escaped.starts_with('.') ? "\\&" + escaped : escaped;
}

std::string bold(std::string_view text) { return fmt::format("\\fB{}\\fR", manual_text(text)); }
std::string italic(std::string_view text) { return fmt::format("\\fI{}\\fR", manual_text(text)); }

std::string sentence(std::string text) {
  if (text.empty()) return text;
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text.ends_with('.') ? text : text + ".";
}

// For the section NAME, which whatis(1) prints: "makes a cluster equal to a folder".
std::string phrase(std::string text) {
  if (text.empty()) return text;
  text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) lines.push_back(take_until(text, '\n'));
  return lines;
}

// "term   text" without its indent; two spaces separate.
ManualEntry table_entry(std::string_view line) {
  const std::size_t gap = line.find("  ");
  if (gap == std::string_view::npos) return {.term = std::string(line), .text = {}};
  const std::size_t text = line.find_first_not_of(' ', gap);
  return {.term = std::string(line.substr(0, gap)), .text = std::string(line.substr(text))};
}

// A paragraph begins a line at its margin, a table is indented by two spaces, and deeper lines go
// on with what the line above says.
ManualParts take_apart(std::string_view details) {
  ManualParts parts;
  const std::vector<std::string_view> lines = lines_of(details);
  bool goes_on = false;  // the line above is of the same paragraph
  for (std::size_t at = 0; at < lines.size(); ++at) {
    std::string_view line = lines[at];
    const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
    line.remove_prefix(indent);
    if (line.empty()) {
      goes_on = false;
    } else if (indent == 0) {
      const bool above_table = at + 1 < lines.size() && lines[at + 1].starts_with("  ");
      if (line.ends_with(':') && above_table) {
        line.remove_suffix(1);
        parts.sections.push_back({.title = title_of(line), .entries = {}});
        goes_on = false;
      } else if (goes_on) {
        parts.paragraphs.back() += fmt::format("\n{}", line);
      } else {
        parts.paragraphs.emplace_back(line);
        goes_on = true;
      }
    } else {
      if (parts.sections.empty()) parts.sections.push_back({.title = "NOTES", .entries = {}});
      std::vector<ManualEntry>& entries = parts.sections.back().entries;
      if (indent > 2 && !entries.empty()) {
        std::string& text = entries.back().text;
        text += text.empty() ? std::string(line) : fmt::format(" {}", line);
      } else {
        entries.push_back(table_entry(line));
      }
      goes_on = false;
    }
  }
  std::ranges::stable_sort(parts.sections, {},
                           [](const ManualSection& section) { return rank_of(section.title); });
  return parts;
}

// A term with what is said about it; .PP where nothing is, for .TP wants a text.
std::string manual_entry(std::string_view term, std::string_view text) {
  if (text.empty()) return fmt::format(".PP\n{}\n", term);
  return fmt::format(".TP\n{}\n{}\n", term, manual_text(text));
}

std::string manual_sections(const ManualParts& parts) {
  std::string text;
  for (const ManualSection& section : parts.sections) {
    text += fmt::format(".SH {}\n", section.title);
    bool is_first = true;
    for (const ManualEntry& entry : section.entries) {
      const std::string shown = manual_entry(bold(entry.term), entry.text);
      // What follows a title is a paragraph already.
      text += is_first && shown.starts_with(".PP\n") ? shown.substr(4) : shown;
      is_first = false;
    }
  }
  return text;
}

std::string description_of(const CommandDescription& command, const ManualParts& parts) {
  std::string text = fmt::format(".SH DESCRIPTION\n{}\n", manual_text(sentence(command.help)));
  for (const std::string& paragraph : parts.paragraphs) {
    text += ".PP\n";
    for (const std::string_view line : lines_of(paragraph)) text += manual_text(line) + "\n";
  }
  return text;
}

std::string option_entry(const OptionDescription& option) {
  std::string term;
  for (const std::string& name : option.names) {
    term += term.empty() ? bold(name) : ", " + bold(name);
  }
  if (!option.value.empty()) term += " " + italic(option.value);
  return manual_entry(term, sentence(option.help));
}

std::string option_entries(const CommandDescription& command) {
  std::string text;
  for (const OptionDescription& option : command.options) text += option_entry(option);
  return text;
}

// The head of a page, up to its synopsis.
std::string opening(std::string_view page, std::string_view help, const ManualEdition& edition) {
  return fmt::format(
      ".\\\" Made from primocane --help; changes here are lost.\n"
      ".TH {} 1 {} \"primocane {}\" \"User Commands\"\n"
      // No hyphens and stretched spaces in what is to be typed.
      ".if n .ad l\n.nh\n"
      ".SH NAME\n{} \\- {}\n.SH SYNOPSIS\n",
      upper_case(std::string(page)), edition.date, edition.version, manual_text(page),
      manual_text(phrase(std::string(help))));
}

std::string page_name(const CommandDescription& program, const CommandDescription& command) {
  return fmt::format("{}-{}", program.name, command.name);
}

}  // namespace

ManualPage write_program_page(const CommandDescription& program, const CommandProse& prose,
                              const ManualEdition& edition) {
  const ManualParts parts = take_apart(prose.details);
  std::string text = opening(program.name, program.help, edition);
  text += fmt::format("{} [{}]... {} [{}]...\n", bold(program.name), italic("OPTION"),
                      italic("COMMAND"), italic("OPTION"));
  text += description_of(program, parts);
  std::string also;
  text += ".SH COMMANDS\n";
  for (const CommandDescription& command : program.commands) {
    text += manual_entry(bold(command.name), sentence(command.help));
    also += fmt::format("{}(1),\n", bold(page_name(program, command)));
  }
  text += ".SH OPTIONS\n" + option_entries(program) + manual_sections(parts);
  text += fmt::format(".SH SEE ALSO\n{}{}(5),\n{}(1),\n{}(1)\n", also,
                      bold(program.name + "-config"), bold("journalctl"), bold("systemctl"));
  return {.file = program.name + ".1", .text = std::move(text)};
}

ManualPage write_command_page(const CommandDescription& program, const CommandDescription& command,
                              const CommandProse& prose, const ManualEdition& edition) {
  const ManualParts parts = take_apart(prose.details);
  std::string text = opening(page_name(program, command), command.help, edition);
  text += fmt::format("{} [{}]...", bold(fmt::format("{} {}", program.name, command.name)),
                      italic("OPTION"));
  if (!command.argument.empty()) {
    const std::string argument = italic(command.argument);
    text += prose.argument == Required::yes ? " " + argument : fmt::format(" [{}]", argument);
  }
  text += "\n" + description_of(command, parts) + ".SH OPTIONS\n";
  if (!command.argument.empty()) {
    text += manual_entry(italic(command.argument), sentence(prose.argument_help));
  }
  text += option_entries(command);
  text += fmt::format(".PP\n{}(1) has the options of all commands.\n", bold(program.name));
  text += manual_sections(parts);
  text += fmt::format(".SH SEE ALSO\n{}(1)\n", bold(program.name));
  return {.file = page_name(program, command) + ".1", .text = std::move(text)};
}

std::vector<ManualPage> write_manual(const ManualEdition& edition) {
  const CommandDescription program = describe_command_line();
  std::vector<ManualPage> pages{write_program_page(program, describe_prose(""), edition)};
  for (const CommandDescription& command : program.commands) {
    pages.push_back(write_command_page(program, command, describe_prose(command.name), edition));
  }
  return pages;
}

}  // namespace primocane
