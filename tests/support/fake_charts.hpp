// SPDX-License-Identifier: Apache-2.0
// FakeCharts: registries and repositories of charts that a test fills.
#pragma once

#include "reconcile/chart_finder.hpp"
#include "resource/resource_id.hpp"

#include <map>
#include <vector>

namespace primocane {

class FakeCharts final : public ChartFinder {
 public:
  Task<Result<ResolvedChart>> find(ChartQuestion question, Cluster& /*cluster*/) override {
    questions.push_back(question);
    const auto answer = answers.find(question.source.id.name);
    if (answer == answers.end()) co_return fail(failure, "no such chart");
    co_return answer->second;
  }

  /// What the source of each name holds.
  std::map<std::string, ResolvedChart> answers;
  std::vector<ChartQuestion> questions;
  /// What else is asked for comes to.
  ErrorKind failure = ErrorKind::unavailable;
};

}  // namespace primocane
