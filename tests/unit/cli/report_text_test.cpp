// SPDX-License-Identifier: Apache-2.0
// The report of a pass on its way to a person.
#include "cli/report_text.hpp"

#include "document/json.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>

namespace primocane {

using namespace std::chrono_literals;

TEST_CASE("a report is written with what it has") {
  PassReport report;
  report.source_answered = true;
  report.applied = Revision{.remote = "https://git.example.org/x",
                            .branch = "main",
                            .commit = CommitId::parse(std::string(40, 'a')).value(),
                            .committed_at = {}};
  report.counts = {.desired = 5, .applied = 4, .failed = 1, .kept = 0};
  report.changes = 2;
  report.problems = {{"ConfigMap/home/a", "is refused"}, {"", "no network"}};
  report.duration = 1234ms;
  const Value value = write_report(report);
  CHECK(
      write_json(value) ==
      R"({"appliedRevision":"main@sha1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",)"
      R"("sourceAnswered":true,"desired":5,"applied":4,"changed":2,"failed":1,"kept":0,"drifted":0,)"
      R"("problems":[{"object":"ConfigMap/home/a","message":"is refused"},)"
      R"({"object":"","message":"no network"}],"durationMs":1234})");
  CHECK_FALSE(is_without_problems(value));
  CHECK(describe_report(value) ==
        "revision: main@sha1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
        "objects:  5 in Git, 4 as Git says, 2 changed, 1 failed, 0 kept\n"
        "took:     1234 ms\n"
        "problem:  ConfigMap/home/a: is refused\n"
        "problem:  no network\n");
}

TEST_CASE("a report of a pass that found nothing is without problems") {
  const Value value = write_report(PassReport{});
  CHECK(is_without_problems(value));
  CHECK(describe_report(value).starts_with("revision: none applied yet\n"));
}

TEST_CASE("a report that is no report counts as a problem") {
  CHECK_FALSE(is_without_problems(Value("x")));
  CHECK_FALSE(is_without_problems(Object{}));
}

}  // namespace primocane
