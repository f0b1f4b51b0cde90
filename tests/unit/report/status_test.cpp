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
          .counts = {.desired = 4, .applied = 2, .failed = 1, .kept = 1},
          .problems = {{.object = "ConfigMap/home/a", .message = "is refused"}}};
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
  for (const char* part : {"failing", "main@sha1:1111", "5 min ago", "4 in Git", "1 failed",
                           "ConfigMap/home/a: is refused", "not applied"}) {
    CHECK(text.find(part) != std::string::npos);
  }
  CHECK(summarise_status(full_status(), now).find("2 of 4 objects") != std::string::npos);
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
