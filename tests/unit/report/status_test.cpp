// SPDX-License-Identifier: Apache-2.0
#include "report/status.hpp"

#include "report/event.hpp"

#include <catch2/catch_test_macros.hpp>

namespace primocane {
namespace {

Status full_status() {
  const WallTime time{std::chrono::seconds(1'700'000'000)};
  return {.state = AgentState::failing,
          .version = "0.1.0",
          .remote = "https://git.example.org/home.git",
          .fetched_revision = "main@sha1:2222222222222222222222222222222222222222",
          .applied_revision = "main@sha1:1111111111111111111111111111111111111111",
          .committed_at = time,
          .last_pass_at = time,
          .last_change_at = time,
          .source_seen_at = time,
          .reverted = 3,
          .last_reverted_at = time,
          .counts = {.desired = 4, .applied = 2, .failed = 1, .kept = 1, .drifted = 2},
          .problems = {{.object = "ConfigMap/home/a", .message = "is refused"}},
          .notices = {"the memory cgroup is off"}};
}

TEST_CASE("a status that is written can be read again") {
  const Result<Status> read = read_status(write_status(full_status()));
  REQUIRE(read);
  CHECK(*read == full_status());
  const Result<Status> empty = read_status(write_status(Status{}));
  REQUIRE(empty);
  CHECK(*empty == Status{});
}

TEST_CASE("a status tells revision, age, counts and what is wrong") {
  const WallTime now{std::chrono::seconds(1'700'000'000 + 300)};
  const std::string text = describe_status(full_status(), now);
  for (const char* part :
       {"failing", "main@sha1:1111", "5 min ago", "4 in Git", "1 failed",
        "ConfigMap/home/a: is refused", "not applied", "3 since the agent's start",
        "2 not as Git says, and left so", "the memory cgroup is off"}) {
    CHECK(text.find(part) != std::string::npos);
  }
}

TEST_CASE("one line tells what systemctl status shows: how it stands, what is wrong and more") {
  const WallTime now{std::chrono::seconds(1'700'000'000 + 300)};
  CHECK(
      summarise_status(full_status(), now) ==
      "failing: main@sha1:111111111111 (5 min old), 2 of 4 objects as Git says, 1 failed, 1 kept, "
      "2 drifted, 3 reverted (last 5 min ago); ConfigMap/home/a: is refused; notice: the memory "
      "cgroup is "
      "off");
  Status several = full_status();
  several.problems.push_back({.object = {}, .message = "another"});
  CHECK(summarise_status(several, now).find("1 more: see primocane status") != std::string::npos);
  Status waiting;
  waiting.state = AgentState::waiting;
  waiting.problems = {{.object = {}, .message = "config.yaml: no such file"}};
  CHECK(summarise_status(waiting, now) == "waiting: config.yaml: no such file");
  CHECK(describe_status(waiting, now) ==
        "state:     waiting\nproblem:   config.yaml: no such file\n");
}

TEST_CASE("a pause is told with its end, and that of the root is everybody's") {
  Status status;
  status.kustomizations.resize(3);
  status.kustomizations[0].name = {"primocane-system", "root"};
  status.kustomizations[1].name = {"flux-system", "apps"};
  status.kustomizations[1].is_suspended = true;
  status.kustomizations[1].suspended_until = "further-notice";
  const WallTime now{std::chrono::seconds(1'700'000'000)};
  CHECK(describe_status(status, now)
            .find("pause:     flux-system/apps is suspended until further notice\n") !=
        std::string::npos);
  const Result<Status> read = read_status(write_status(status));
  REQUIRE(read);
  CHECK(*read == status);
  status.kustomizations[0].suspended_until = "2026-11-30T08:00:00Z";
  const std::string text = describe_status(status, now);
  CHECK(text.find("pause:     everything is suspended until 2026-11-30T08:00:00Z\n") !=
        std::string::npos);
  CHECK(text.find("flux-system/apps") == std::string::npos);
}

TEST_CASE("the one line fits into what systemd takes, and is one line") {
  Status status = full_status();
  status.problems = {{.object = "a", .message = "\n\x1b[31m"}};
  for (int i = 0; i < 3000; ++i) status.problems.front().message += "\xc3\xa9";
  const std::string line = summarise_status(status, WallTime{std::chrono::seconds(1'700'000'000)});
  CHECK(line.size() < 2100);
  CHECK(line.ends_with(" ..."));
  CHECK(line.find('\n') == std::string::npos);
  CHECK(line.find('\x1b') == std::string::npos);
  CHECK(static_cast<unsigned char>(line[line.size() - 5]) == 0xa9);
}

TEST_CASE("a commit of a clock that goes before ours has no negative age") {
  const WallTime now{std::chrono::seconds(1'600'000'000)};
  CHECK(describe_status(full_status(), now).find("committed 0 s ago") != std::string::npos);
  CHECK(summarise_status(full_status(), now).find("(0 s old)") != std::string::npos);
}

TEST_CASE("times are written and read in RFC 3339") {
  const WallTime time{std::chrono::seconds(1'700'000'000)};
  CHECK(write_time(time) == "2023-11-14T22:13:20Z");
  const Result<WallTime> read = read_time("2023-11-14T22:13:20Z");
  REQUIRE(read);
  CHECK(*read == time);
  for (const char* bad : {"", "2023-11-14", "2023-13-14T22:13:20Z", "2023-11-14T25:13:20Z",
                          "2023-11-14T22:13:20+01:00", "2023-02-30T00:00:00Z", "x"}) {
    CHECK_FALSE(read_time(bad));
  }
}

TEST_CASE("each kind of event has a word and a message id of its own") {
  for (int a = 0; a <= static_cast<int>(EventKind::pass_idle); ++a) {
    const auto kind = static_cast<EventKind>(a);
    CHECK(message_id(kind).size() == 32);
    CHECK_FALSE(to_string(kind).empty());
    for (int b = 0; b < a; ++b) CHECK(message_id(kind) != message_id(static_cast<EventKind>(b)));
  }
}

}  // namespace
}  // namespace primocane
