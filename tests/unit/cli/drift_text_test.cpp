// SPDX-License-Identifier: Apache-2.0
#include "cli/drift_text.hpp"

#include "report/status.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <string>

namespace primocane {

namespace {

const WallTime morning = *read_time("2026-11-30T05:00:00Z");

DriftRecord scaled() {
  return {.time = morning + std::chrono::seconds(62),
          .event = "drift-reverted",
          .object = "Deployment/home/web",
          .kustomization = "flux-system/apps",
          .reason = "fields of ours were taken",
          .manager = "kubectl-scale",
          .fields = ".spec.replicas",
          .drifted = std::chrono::milliseconds(1200),
          .duration = std::chrono::milliseconds(18)};
}

DriftRecord deleted() {
  return {.time = morning + std::chrono::minutes(2),
          .event = "drift-reverted",
          .object = "ConfigMap/home/settings",
          .kustomization = "flux-system/apps",
          .reason = "was deleted",
          .manager = "",
          .fields = "",
          .drifted = std::chrono::milliseconds(20),
          .duration = std::chrono::milliseconds(20)};
}

}  // namespace

TEST_CASE("reverts are listed with who, what and how long") {
  CHECK(list_drift({.records = {scaled(), deleted()}, .from = morning, .is_cut = false}, {}) ==
        "WHEN                  OBJECT                   WHO            FIELDS          DRIFTED  "
        "REVERTED IN\n"
        "2026-11-30T05:01:02Z  Deployment/home/web      kubectl-scale  .spec.replicas  1 s      "
        "18 ms\n"
        "2026-11-30T05:02:00Z  ConfigMap/home/settings                 (was deleted)   20 ms    "
        "20 ms\n");
}

TEST_CASE("where the memory ends, the journal's command is told") {
  const std::string text = list_drift({.records = {scaled()}, .from = morning, .is_cut = true},
                                      morning - std::chrono::hours(2));
  CHECK(
      text.ends_with("what was before 2026-11-30T05:00:00Z is in the journal alone: journalctl "
                     "PRIMOCANE_EVENT=drift-reverted PRIMOCANE_EVENT=drift-detected --since "
                     "'2026-11-30 03:00:00 UTC' --until '2026-11-30 "
                     "05:00:00 UTC'\n"));
}

TEST_CASE("that nothing happened is said, and since when") {
  const DriftAnswer nothing{.records = {}, .from = morning, .is_cut = false};
  CHECK(list_drift(nothing, {}) ==
        "nothing has been changed by others since 2026-11-30T05:00:00Z\n");
  CHECK(list_drift(nothing, morning + std::chrono::hours(1)) ==
        "nothing has been changed by others since 2026-11-30T06:00:00Z\n");
}

TEST_CASE("what others call themselves does not reach the terminal as codes") {
  DriftRecord evil = scaled();
  evil.manager = "\x1b[2J";
  evil.fields = ".data[a\nb]";
  const std::string text = list_drift({.records = {evil}, .from = morning, .is_cut = false}, {});
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find(".data[a b]") != std::string::npos);
}

TEST_CASE("an answer is read back, and anything else is refused") {
  const Value told = Object{{"records", Array{write_drift_record(scaled())}},
                            {"from", "2026-11-30T05:00:00Z"},
                            {"cut", true}};
  const Result<DriftAnswer> answer = read_drift_answer(told);
  REQUIRE(answer);
  CHECK(answer->records.front() == scaled());
  CHECK(answer->from == morning);
  CHECK(answer->is_cut);
  CHECK_FALSE(read_drift_answer(Object()));
  CHECK_FALSE(read_drift_answer(Object{{"from", "2026-11-30T05:00:00Z"}}));
}

}  // namespace primocane
