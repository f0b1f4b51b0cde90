// SPDX-License-Identifier: Apache-2.0
#include "resource/health.hpp"

#include "document/json.hpp"
#include "support/json_lines.hpp"
#include "support/yaml.hpp"

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <set>

using namespace primocane;

namespace {

// The time at which tests/oracle/health looks at its objects: 2026-01-02T03:04:05Z.
constexpr WallTime now{std::chrono::seconds(1767323045)};

}  // namespace

TEST_CASE("an object is as healthy as Flux finds it") {
  std::set<std::string> seen;
  std::size_t compared = 0;
  for (const Value& row : json_lines(PRIMOCANE_SOURCE_DIR "/tests/oracle/health/cases.jsonl")) {
    CAPTURE(write_json(row));
    const Health health = health_of(*row.find("object"), now);
    CAPTURE(health.message);
    REQUIRE(to_string(health.status) == row.text_at("health"));
    if (health.status != HealthStatus::unknown) REQUIRE(health.message == row.text_at("message"));
    if (health.status == HealthStatus::unknown) REQUIRE(!health.message.empty());
    seen.emplace(row.text_at("health"));
    ++compared;
  }
  CHECK(compared > 300);
  CHECK(seen == std::set<std::string>{"Current", "Failed", "InProgress", "Terminating", "Unknown"});
}

TEST_CASE("a Pod may wait a quarter of a minute for a node") {
  const Value pod = yaml_value(R"({
    apiVersion: v1, kind: Pod, metadata: {name: a, creationTimestamp: "2026-01-02T03:03:50Z"},
    status: {phase: Pending, conditions: [{type: PodScheduled, status: "False", reason: Unschedulable}]}})");
  CHECK(health_of(pod, now).status == HealthStatus::failed);
  CHECK(health_of(pod, now - std::chrono::seconds(1)).status == HealthStatus::in_progress);
}

TEST_CASE("an object without shape is of unknown health, and the message says what is wrong") {
  CHECK(health_of(Value(), now) == Health{HealthStatus::current, "Resource is current"});
  CHECK(health_of(yaml_value("{kind: Thing, status: {conditions: [{type: Ready, status: true}]}}"),
                  now) ==
        Health{HealthStatus::unknown, "status of a condition must be a string, not a boolean"});
  CHECK(health_of(yaml_value("{kind: Thing, metadata: {generation: 1}, status: x}"), now) ==
        Health{HealthStatus::unknown,
               "status.observedGeneration must be inside a mapping, not a string"});
}

TEST_CASE("a StatefulSet on its way fails with its Pods") {
  const Health waiting{HealthStatus::in_progress, "Ready: 0/1"};
  const Value crashing = yaml_value(R"({apiVersion: v1, kind: Pod, status: {phase: Running,
    containerStatuses: [{name: a, state: {waiting: {reason: CrashLoopBackOff}}}]}})");
  const Value unschedulable = yaml_value(R"({apiVersion: v1, kind: Pod, status: {phase: Pending,
    conditions: [{type: PodScheduled, status: "False", reason: Unschedulable}]}})");
  const Value deleted = yaml_value(R"({apiVersion: v1, kind: Pod,
    metadata: {deletionTimestamp: "2026-01-02T03:04:05Z"}, status: {phase: Running,
    containerStatuses: [{name: a, state: {waiting: {reason: CrashLoopBackOff}}}]}})");
  CHECK(depends_on_pods("apps", "StatefulSet"));
  CHECK(depends_on_pods("apps", "ReplicaSet"));
  CHECK_FALSE(depends_on_pods("apps", "Deployment"));

  CHECK(health_with_pods(waiting, std::vector{crashing, unschedulable}, now) ==
        Health{HealthStatus::failed, "1 pods have failed"});
  CHECK(health_with_pods(waiting, std::vector{unschedulable, deleted}, now) == waiting);
  const Health current{HealthStatus::current, "all there"};
  CHECK(health_with_pods(current, std::vector{crashing}, now) == current);
}

TEST_CASE("a Job with a time to live may be gone when it is finished") {
  CHECK(vanishes_when_finished(
      yaml_value("{apiVersion: batch/v1, kind: Job, spec: {ttlSecondsAfterFinished: 0}}")));
  CHECK_FALSE(vanishes_when_finished(yaml_value("{apiVersion: batch/v1, kind: Job, spec: {}}")));
  CHECK_FALSE(vanishes_when_finished(
      yaml_value("{apiVersion: example.com/v1, kind: Job, spec: {ttlSecondsAfterFinished: 0}}")));
}
