// SPDX-License-Identifier: Apache-2.0
#include "plan/applied_index.hpp"

#include "support/plan_world.hpp"

#include <catch2/catch_test_macros.hpp>

namespace primocane {
namespace {

TEST_CASE("an index that is written can be read again") {
  PlanWorld world;
  world.record(config_map("a"), "one");
  world.record({"apps", "Deployment", "home", "web"}, "two");
  world.record({"batch", "Job", "home", "migrate"}, "three").is_complete = true;
  const Result<AppliedIndex> read = read_index(write_index(world.index));
  REQUIRE(read);
  CHECK(*read == world.index);
}

TEST_CASE("an index that is cut, empty or of another version is refused") {
  PlanWorld world;
  world.record(config_map("a"));
  const std::string whole = write_index(world.index);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CHECK_FALSE(read_index(whole.substr(0, length)));
  }
  CHECK_FALSE(read_index(R"({"format":"primocane.dev/index/999","objects":[]})"));
}

TEST_CASE("a record without uid, kind or name is refused") {
  const auto refused = [](std::string_view object) {
    const std::string text =
        R"({"format":"primocane.dev/index/1","objects":[)" + std::string(object) + "]}";
    return !read_index(text);
  };
  CHECK(refused("{}"));
  CHECK(refused(R"({"kind":"ConfigMap","name":"a","desired":"00","fields":"00"})"));
}

}  // namespace
}  // namespace primocane
