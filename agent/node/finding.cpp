// SPDX-License-Identifier: Apache-2.0
#include "node/finding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace primocane {

namespace {

std::ptrdiff_t count(const std::vector<Finding>& findings, Level level) {
  return std::ranges::count(findings, level, &Finding::level);
}

// Messages of others may have several.
std::string in_one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

}  // namespace

std::string_view to_string(Level level) {
  switch (level) {
    case Level::ok:
      return "ok";
    case Level::warning:
      return "warning";
    case Level::problem:
      return "problem";
  }
  return "problem";
}

bool has_problem(const std::vector<Finding>& findings) {
  return count(findings, Level::problem) != 0;
}

Value write_findings(const std::vector<Finding>& findings) {
  Array list;
  for (const Finding& finding : findings) {
    Object object{{"check", finding.check},
                  {"level", to_string(finding.level)},
                  {"message", finding.message}};
    if (!finding.advice.empty()) object.append("advice", finding.advice);
    list.emplace_back(std::move(object));
  }
  return Object{{"findings", std::move(list)},
                {"problems", count(findings, Level::problem)},
                {"warnings", count(findings, Level::warning)}};
}

std::string describe_findings(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += in_one_line(fmt::format("{:<7}  {:<13}  {}{}{}", to_string(finding.level),
                                    finding.check, finding.message,
                                    finding.advice.empty() ? "" : "; ", finding.advice)) +
            "\n";
  }
  const std::ptrdiff_t problems = count(findings, Level::problem);
  const std::ptrdiff_t warnings = count(findings, Level::warning);
  return text + fmt::format("{} problem{}, {} warning{}\n", problems, problems == 1 ? "" : "s",
                            warnings, warnings == 1 ? "" : "s");
}

}  // namespace primocane
