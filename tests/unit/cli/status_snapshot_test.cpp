// SPDX-License-Identifier: Apache-2.0
// The status file is written when there is news, and only then.
#include "cli/status_snapshot.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace primocane {

using namespace std::chrono_literals;

namespace {

struct World {
  std::vector<std::string> written;
  Result<void> outcome;
  StatusSnapshot snapshot{[this](std::string_view bytes) -> Result<void> {
    if (outcome) written.emplace_back(bytes);
    return outcome;
  }};
};

}  // namespace

TEST_CASE("a status that differs only in when the last pass was writes nothing") {
  World world;
  Status status;
  status.version = "1";
  REQUIRE(world.snapshot.update(status));
  status.last_pass_at = WallTime(1000s);
  status.source_seen_at = WallTime(1000s);
  REQUIRE(world.snapshot.update(status));
  CHECK(world.written.size() == 1);
  status.counts.applied = 5;
  REQUIRE(world.snapshot.update(status));
  REQUIRE(world.written.size() == 2);
  CHECK(world.written.back().find("\"applied\": 5") != std::string::npos);
}

TEST_CASE("what could not be written is written with the next status") {
  World world;
  world.outcome = fail(ErrorKind::unavailable, "disk full");
  CHECK_FALSE(world.snapshot.update(Status{}));
  world.outcome = {};
  CHECK(world.snapshot.update(Status{}));
  CHECK(world.written.size() == 1);
}

}  // namespace primocane
