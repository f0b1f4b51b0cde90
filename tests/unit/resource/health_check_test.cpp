// SPDX-License-Identifier: Apache-2.0
#include "resource/health_check.hpp"

#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace primocane;

namespace {

constexpr WallTime now{};

Value database(std::string_view status) {
  return yaml_value("{apiVersion: example.com/v1, kind: Database, metadata: {generation: 2}, " +
                    std::string("status: ") + std::string(status) + "}");
}

HealthChecks checks() {
  return HealthChecks::make({{.api_version = "example.com/v1",
                              .kind = "Database",
                              .in_progress = "has(status.working) && status.working",
                              .failed = "status.phase == 'Broken'",
                              .current = "status.phase == 'Up'"}})
      .value();
}

}  // namespace

TEST_CASE("the first expression that holds decides, in progress before failed before current") {
  const HealthChecks tested = checks();
  const auto status_of = [&](std::string_view status) {
    return tested.health_of(database(status), now).status;
  };
  CHECK(status_of("{phase: Broken, working: true}") == HealthStatus::in_progress);
  CHECK(status_of("{phase: Broken}") == HealthStatus::failed);
  CHECK(status_of("{phase: Up}") == HealthStatus::current);
  CHECK(status_of("{phase: Odd}") == HealthStatus::in_progress);
}

TEST_CASE("an expression without an answer makes the health unknown and is named") {
  const Health health = checks().health_of(database("{}"), now);
  CHECK(health.status == HealthStatus::unknown);
  CHECK(health.message == "the expression failed has no answer: there is no \"phase\"");
}

TEST_CASE("what its controller has not seen is in progress, whatever the expressions say") {
  const HealthChecks tested = checks();
  CHECK(tested.health_of(database("{phase: Up, observedGeneration: 1}"), now).status ==
        HealthStatus::in_progress);
  CHECK(tested.health_of(database("{phase: Up, observedGeneration: 2}"), now).status ==
        HealthStatus::current);
  CHECK(tested.health_of(database("{phase: Up, observedGeneration: \"1\"}"), now).status ==
        HealthStatus::current);
}

TEST_CASE("an expression is for its kind, else for its group, and never for Jobs") {
  const auto tested =
      HealthChecks::make({{.api_version = "example.com/v1", .current = "false"},
                          {.api_version = "example.com/v2", .kind = "Database", .current = "true"},
                          {.api_version = "batch/v1", .kind = "Job", .current = "true"}});
  REQUIRE(tested.has_value());
  CHECK(tested->health_of(database("{}"), now).status == HealthStatus::current);
  CHECK(tested->health_of(yaml_value("{apiVersion: example.com/v1, kind: Queue}"), now).status ==
        HealthStatus::in_progress);
  CHECK(tested->health_of(yaml_value("{apiVersion: other.com/v1, kind: Queue}"), now).status ==
        HealthStatus::current);
  CHECK(tested->health_of(yaml_value("{apiVersion: batch/v1, kind: Job}"), now).status ==
        HealthStatus::in_progress);
  CHECK(tested->covers("example.com", "Queue"));
  CHECK_FALSE(tested->covers("batch", "Job"));
}

TEST_CASE("wrong expressions are told with their field and place") {
  const auto message = [](HealthCheckExpressions expressions) {
    return HealthChecks::make({std::move(expressions)}).error().message;
  };
  CHECK(message({.api_version = "a/v1", .current = "status."}) ==
        "healthCheckExprs[0].current: 1:8: expected the name of a field at the end");
  CHECK(message({.api_version = "a/v1", .failed = "toUpper(kind)", .current = "true"}) ==
        "healthCheckExprs[0].failed: 1:1: there is no function \"toUpper\"");
  CHECK(message({.api_version = "a/v1", .failed = "true"}) ==
        "healthCheckExprs[0] has no expression \"current\"");
  CHECK(HealthChecks::make({{.api_version = "a/v1", .kind = "A", .current = "true"},
                            {.api_version = "a/v2", .kind = "A", .current = "true"}})
            .error()
            .message == "healthCheckExprs[1] is the second for A of group \"a\"");
}
