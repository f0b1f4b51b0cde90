// SPDX-License-Identifier: Apache-2.0
// What the agent remembers of what others did.
#include "report/drift_log.hpp"

#include "support/test_clock.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <string>

namespace primocane {
namespace {

const WallTime begin = WallTime(std::chrono::hours(500'000));

Event reverted(std::string object, std::string fields = ".data.k") {
  return {.kind = EventKind::drift_reverted,
          .message = "reverted",
          .kustomization = "flux-system/apps",
          .object = std::move(object),
          .reason = "fields of ours were taken",
          .manager = "kubectl-edit",
          .fields = std::move(fields),
          .drifted = std::chrono::seconds(2),
          .duration = std::chrono::milliseconds(18)};
}

class Counted final : public EventSink {
 public:
  explicit Counted(int& count) : count_(count) {}
  void emit(const Event& /*event*/) override { ++count_; }

 private:
  int& count_;
};

}  // namespace

TEST_CASE("a revert is remembered with who, what and how long") {
  DriftLog log(begin);
  log.note(reverted("Deployment/home/web"), begin + std::chrono::hours(1));
  const DriftLog::Excerpt all = log.since(std::nullopt);
  REQUIRE(all.records.size() == 1);
  CHECK(all.records.front() == DriftRecord{.time = begin + std::chrono::hours(1),
                                           .event = "drift-reverted",
                                           .object = "Deployment/home/web",
                                           .kustomization = "flux-system/apps",
                                           .reason = "fields of ours were taken",
                                           .manager = "kubectl-edit",
                                           .fields = ".data.k",
                                           .drifted = std::chrono::seconds(2),
                                           .duration = std::chrono::milliseconds(18)});
  CHECK(all.from == begin);
  CHECK_FALSE(all.is_cut);
}

TEST_CASE("what is no drift is not remembered, and everything is handed on") {
  DriftLog log(begin);
  int count = 0;
  TestClock clock;
  DriftSink sink(log, clock, std::make_unique<Counted>(count));
  sink.emit({.kind = EventKind::object_applied, .message = "created"});
  sink.emit(reverted("ConfigMap/home/a"));
  CHECK(count == 2);
  REQUIRE(log.since(std::nullopt).records.size() == 1);
  CHECK(log.since(std::nullopt).records.front().time == clock.wall_now());
}

TEST_CASE("what was asked for from before the beginning is cut") {
  DriftLog log(begin);
  log.note(reverted("ConfigMap/home/a"), begin + std::chrono::minutes(1));
  log.note(reverted("ConfigMap/home/b"), begin + std::chrono::minutes(2));
  const DriftLog::Excerpt late = log.since(begin + std::chrono::minutes(2));
  REQUIRE(late.records.size() == 1);
  CHECK(late.records.front().object == "ConfigMap/home/b");
  CHECK_FALSE(late.is_cut);
  CHECK(log.since(begin - std::chrono::minutes(1)).is_cut);
  CHECK(log.since(begin - std::chrono::minutes(1)).records.size() == 2);
}

TEST_CASE("the oldest of more than 500 reverts are forgotten, and that is told") {
  DriftLog log(begin);
  for (int i = 0; i < 502; ++i) {
    log.note(reverted(fmt::format("ConfigMap/home/{}", i)), begin + std::chrono::seconds(i));
  }
  const DriftLog::Excerpt all = log.since(std::nullopt);
  CHECK(all.records.size() == 500);
  CHECK(all.records.front().object == "ConfigMap/home/2");
  CHECK(all.from == begin + std::chrono::seconds(2));
  CHECK(all.is_cut);
}

TEST_CASE("long texts are cut, and many of them push out older records") {
  DriftLog log(begin);
  for (int i = 0; i < 500; ++i) {
    log.note(reverted(std::string(5000, 'x'), std::string(5000, 'y')), begin);
  }
  const DriftLog::Excerpt all = log.since(std::nullopt);
  CHECK(all.records.front().fields.size() < 400);
  CHECK(all.records.size() > 200);
  CHECK(all.records.size() < 300);
  CHECK(all.is_cut);
}

TEST_CASE("terminal codes and broken UTF-8 do not get into the log") {
  DriftLog log(begin);
  log.note(reverted("ConfigMap/home/a", ".data[\x1b[31m]\n\xff"), begin);
  CHECK(log.since(std::nullopt).records.front().fields == ".data[?[31m] ?");
}

TEST_CASE("records are found by their object") {
  DriftLog log(begin);
  log.note(reverted("ConfigMap/home/a"), begin);
  log.note(reverted("ConfigMap/home/ab"), begin);
  CHECK(log.about("ConfigMap/home/a").size() == 1);
  CHECK(log.about("ConfigMap/home/c").empty());
}

TEST_CASE("a record survives the way to a client, but for parts of microseconds") {
  const DriftRecord whole = drift_record_of(reverted("ConfigMap/home/a"), begin);
  CHECK(*read_drift_record(write_drift_record(whole)) == whole);
  const DriftRecord bare = drift_record_of(
      {.kind = EventKind::drift_reverted, .message = {}, .object = "Namespace/home"}, begin);
  CHECK(*read_drift_record(write_drift_record(bare)) == bare);
  CHECK_FALSE(read_drift_record(Value("x")));
  CHECK_FALSE(read_drift_record(Value(Object{{"time", "yesterday"}})));
}

TEST_CASE("spans are written for people") {
  CHECK(write_span(std::chrono::microseconds(17'400)) == "18 ms");
  CHECK(write_span(std::chrono::seconds(3)) == "3 s");
  CHECK(write_span(std::chrono::hours(3)) == "3 h");
  CHECK(write_span(std::chrono::seconds(-3)) == "0 ms");
}

}  // namespace primocane
