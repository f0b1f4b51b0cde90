// SPDX-License-Identifier: Apache-2.0
#include "cli/report_text.hpp"

#include "document/plain_text.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace primocane {

namespace {

std::string number_at(const Value& value, std::string_view key) {
  const Value* found = value.find(key);
  return found != nullptr && found->as_number() != nullptr ? found->as_number()->text : "0";
}

Value count(std::uint64_t number) { return Number{fmt::to_string(number)}; }

}  // namespace

Value write_report(const PassReport& report) {
  Object object;
  if (report.fetched) object.append("fetchedRevision", to_string(*report.fetched));
  if (report.applied) object.append("appliedRevision", to_string(*report.applied));
  object.append("sourceAnswered", report.source_answered);
  object.append("desired", count(report.counts.desired));
  object.append("applied", count(report.counts.applied));
  object.append("changed", count(report.changes));
  object.append("failed", count(report.counts.failed));
  object.append("kept", count(report.counts.kept));
  object.append("drifted", count(report.counts.drifted));
  Array problems;
  for (const Problem& problem : report.problems) {
    problems.emplace_back(Object{{"object", problem.object}, {"message", problem.message}});
  }
  object.append("problems", std::move(problems));
  if (!report.confirm_prune.empty()) object.append("confirmPrune", report.confirm_prune);
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(report.duration);
  object.append("durationMs", milliseconds.count());
  return object;
}

std::string describe_report(const Value& report) {
  const std::string_view revision = report.text_at("appliedRevision");
  std::string text = fmt::format(
      "revision: {}\nobjects:  {} in Git, {} as Git says, {} changed, {} failed, {} kept\n"
      "took:     {} ms\n",
      revision.empty() ? "none applied yet" : revision, number_at(report, "desired"),
      number_at(report, "applied"), number_at(report, "changed"), number_at(report, "failed"),
      number_at(report, "kept"), number_at(report, "durationMs"));
  if (number_at(report, "drifted") != "0") {
    text +=
        fmt::format("drifted:  {} not as Git says, and left so\n", number_at(report, "drifted"));
  }
  const Value* problems = report.find("problems");
  if (problems == nullptr || !problems->is_array()) return text;
  for (const Value& problem : *problems->as_array()) {
    const std::string_view object = problem.text_at("object");
    text += fmt::format("problem:  {}{}{}\n", object, object.empty() ? "" : ": ",
                        plain_line(problem.text_at("message")));
  }
  return text;
}

bool is_without_problems(const Value& report) {
  const Value* problems = report.find("problems");
  return problems != nullptr && problems->is_array() && problems->as_array()->empty();
}

}  // namespace primocane
