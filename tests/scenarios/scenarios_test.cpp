// SPDX-License-Identifier: Apache-2.0
// Each folder beside this file is one sentence about what users see; README.md says how to write
// one. UPDATE_EXPECTED=1 in the environment writes what comes out into expect/, to be reviewed as a
// difference.
#include "scenarios/scenario.hpp"
#include "support/print.hpp"
#include "support/read_text.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace primocane {

namespace {

namespace fs = std::filesystem;

void write_text(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace

TEST_CASE("each scenario ends as expected") {
  const fs::path scenarios = fs::path(PRIMOCANE_SOURCE_DIR) / "tests" / "scenarios";
  std::size_t count = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(scenarios)) {
    if (!entry.is_directory()) continue;
    ++count;
    DYNAMIC_SECTION(entry.path().filename().string()) {
      const Result<ScenarioOutcome> outcome = run_scenario(entry.path());
      REQUIRE(outcome);
      const fs::path plan_path = entry.path() / "expect" / "plan.txt";
      const fs::path events_path = entry.path() / "expect" / "events.txt";
      if (std::getenv("UPDATE_EXPECTED") != nullptr) {
        write_text(plan_path, outcome->plan);
        write_text(events_path, outcome->events);
        SKIP("expectations were written: review the difference");
      }
      const Result<std::string> plan = read_text(plan_path);
      const Result<std::string> events = read_text(events_path);
      REQUIRE(plan);
      REQUIRE(events);
      CHECK(outcome->plan == *plan);
      CHECK(outcome->events == *events);
    }
  }
  CHECK(count >= 25);
}

}  // namespace primocane
