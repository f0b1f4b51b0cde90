// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.hpp"

#include <fmt/format.h>

#include <set>
#include <string_view>
#include <vector>

namespace primocane {

namespace {

enum class ValueSource : std::uint8_t { nothing, files, folders, words };

ValueSource source_of(std::string_view value) {
  if (value == "FILE") return ValueSource::files;
  if (value == "DIR") return ValueSource::folders;
  const bool is_one_word = !value.empty() && value.front() >= 'a' && value.front() <= 'z';
  const bool is_choice = is_one_word || value.find('|') != std::string_view::npos;
  return is_choice ? ValueSource::words : ValueSource::nothing;
}

std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  for (;;) {
    const std::size_t at = text.find(from);
    result += text.substr(0, at);
    if (at == std::string_view::npos) return result;
    result += to;
    text.remove_prefix(at + from.size());
  }
}

// "text|json|yaml" as "text json yaml".
std::string spaced(std::string_view words) { return replace_all(words, "|", " "); }

std::vector<std::string> option_names(const CommandDescription& command) {
  std::vector<std::string> names;
  for (const OptionDescription& option : command.options) {
    names.insert(names.end(), option.names.begin(), option.names.end());
  }
  return names;
}

// The compgen call that offers what `value` says, or "" for nothing.
std::string bash_source(std::string_view value) {
  switch (source_of(value)) {
    case ValueSource::files:
      return "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$current\")";
    case ValueSource::folders:
      return "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$current\")";
    case ValueSource::words:
      return fmt::format("mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$current\")",
                         spaced(value));
    case ValueSource::nothing:
      break;
  }
  return {};
}

// The cases of options that take a value, of the program and all commands, each name once.
std::string bash_values(const CommandDescription& program) {
  std::string cases;
  std::set<std::string> seen;
  const auto add = [&](const CommandDescription& command) {
    for (const OptionDescription& option : command.options) {
      const std::string names = fmt::format("{}", fmt::join(option.names, "|"));
      if (option.value.empty() || !seen.insert(names).second) continue;
      const std::string source = bash_source(option.value);
      cases += fmt::format("    {}) {}return ;;\n", names, source.empty() ? "" : source + "; ");
    }
  };
  add(program);
  for (const CommandDescription& command : program.commands) add(command);
  return cases;
}

std::string write_bash(const CommandDescription& program) {
  std::vector<std::string> names;
  std::string cases;
  const std::string shared = fmt::format("{}", fmt::join(option_names(program), " "));
  for (const CommandDescription& command : program.commands) {
    names.push_back(command.name);
    const std::string argument = bash_source(command.argument);
    if (!argument.empty()) {
      cases += fmt::format("    {}) if [[ $current != -* ]]; then {}; return; fi ;;&\n",
                           command.name, argument);
    }
    cases += fmt::format("    {}) words='{} {}' ;;\n", command.name,
                         fmt::join(option_names(command), " "), shared);
  }
  return fmt::format(
      R"(# bash completion for {0}, printed by '{0} completion bash'
_{0}() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}
  local command='' words='{1} {2}' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${{COMP_WORDS[i]}} in
      {3}) command=${{COMP_WORDS[i]}}; break ;;
    esac
  done
  case $previous in
{4}  esac
  case $command in
{5}  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}}
complete -F _{0} {0}
)",
      program.name, fmt::join(names, " "), shared, fmt::join(names, "|"), bash_values(program),
      cases);
}

// For text inside '...[here]...' of a zsh specification.
std::string zsh_quoted(std::string_view text) {
  std::string quoted;
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
      continue;
    }
    if (c == '[' || c == ']' || c == ':' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted;
}

std::string zsh_source(std::string_view value) {
  switch (source_of(value)) {
    case ValueSource::files:
      return "FILE:_files";
    case ValueSource::folders:
      return "DIR:_files -/";
    case ValueSource::words:
      return fmt::format("value:({})", spaced(value));
    case ValueSource::nothing:
      break;
  }
  return fmt::format("{}: ", value);
}

std::string zsh_option(const OptionDescription& option) {
  const std::string value = option.value.empty() ? "" : ":" + zsh_source(option.value);
  const std::string text = fmt::format("[{}]{}", zsh_quoted(option.help), value);
  if (option.names.size() == 1) return fmt::format("'{}{}'", option.names.front(), text);
  return fmt::format("'({})'{{{}}}'{}'", fmt::join(option.names, " "), fmt::join(option.names, ","),
                     text);
}

std::string zsh_options(const CommandDescription& command, std::string_view indent) {
  std::string lines;
  for (const OptionDescription& option : command.options) {
    lines += fmt::format(" \\\n{}{}", indent, zsh_option(option));
  }
  return lines;
}

std::string write_zsh(const CommandDescription& program) {
  std::string commands;
  std::string cases;
  for (const CommandDescription& command : program.commands) {
    commands += fmt::format("    '{}:{}'\n", command.name, zsh_quoted(command.help));
    cases += fmt::format("        {}) _arguments", command.name);
    cases += zsh_options(command, "          ");
    if (!command.argument.empty()) {
      cases += fmt::format(" \\\n          '1:{}'", zsh_source(command.argument));
    }
    cases += " ;;\n";
  }
  return fmt::format(
      R"(#compdef {0}
# zsh completion for {0}, printed by '{0} completion zsh'
_{0}() {{
  local curcontext="$curcontext" state line
  local -a commands=(
{1}  )
  _arguments -C{2} \
    '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe command commands ;;
    argument)
      case $line[1] in
{3}      esac ;;
  esac
}}
if [[ $funcstack[1] == _{0} ]]; then
  _{0} "$@"
else
  compdef _{0} {0}
fi
)",
      program.name, commands, zsh_options(program, "    "), cases);
}

}  // namespace

std::string write_completion(const CommandDescription& program, Shell shell) {
  switch (shell) {
    case Shell::bash:
      return write_bash(program);
    case Shell::zsh:
      return write_zsh(program);
  }
  return {};
}

}  // namespace primocane
