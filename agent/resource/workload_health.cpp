// SPDX-License-Identifier: Apache-2.0
// Health of the kinds that count replicas. The order of the comparisons decides which message a
// person reads, and is kstatus's.
#include "resource/kind_health.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

namespace primocane {

namespace {

Health in_progress(std::string message) { return {HealthStatus::in_progress, std::move(message)}; }

Health current(std::string message) { return {HealthStatus::current, std::move(message)}; }

// "word: there/wanted" while there are fewer than wanted.
std::optional<Health> while_fewer(std::string_view word, std::int64_t there, std::int64_t wanted) {
  if (there >= wanted) return std::nullopt;
  return in_progress(fmt::format("{}: {}/{}", word, there, wanted));
}

std::optional<Health> while_more(std::int64_t there, std::int64_t wanted) {
  if (there <= wanted) return std::nullopt;
  return in_progress(fmt::format("Pending termination: {}", there - wanted));
}

struct Replicas {
  explicit Replicas(const Value& object)
      : wanted(integer_at(object, {"spec", "replicas"}, 1)),
        all(integer_at(object, {"status", "replicas"}, 0)),
        ready(integer_at(object, {"status", "readyReplicas"}, 0)),
        updated(integer_at(object, {"status", "updatedReplicas"}, 0)),
        available(integer_at(object, {"status", "availableReplicas"}, 0)) {}

  std::int64_t wanted;
  std::int64_t all;
  std::int64_t ready;
  std::int64_t updated;
  std::int64_t available;
};

std::optional<Health> counted_health(const Replicas& replicas) {
  if (auto health = while_fewer("Replicas", replicas.all, replicas.wanted)) return health;
  if (auto health = while_fewer("Updated", replicas.updated, replicas.wanted)) return health;
  if (auto health = while_more(replicas.all, replicas.wanted)) return health;
  if (auto health = while_fewer("Available", replicas.available, replicas.updated)) return health;
  return while_fewer("Ready", replicas.ready, replicas.wanted);
}

// The partition of a StatefulSet's rolling update: Pods with a lower ordinal keep the old revision.
Health partition_health(const Replicas& replicas, std::int64_t partition) {
  if (auto health = while_fewer("updated", replicas.updated, replicas.wanted - partition)) {
    return *health;
  }
  return current(fmt::format("Partition rollout complete. updated: {}", replicas.updated));
}

}  // namespace

Result<Health> deployment_health(const Value& object) {
  // Without a deadline the controller writes no Progressing condition; it treats the highest
  // 32-bit integer as none (deployment_util.go HasProgressDeadline).
  constexpr std::int64_t no_deadline = std::numeric_limits<std::int32_t>::max();
  bool is_progressing =
      integer_at(object, {"spec", "progressDeadlineSeconds"}, no_deadline) == no_deadline;
  bool is_available = false;
  for (const Condition& condition : TRY(read_conditions(object))) {
    if (condition.type == "Progressing") {
      if (condition.reason == "ProgressDeadlineExceeded") {
        return Health{HealthStatus::failed, "Progress deadline exceeded"};
      }
      if (condition.status == "True" && condition.reason == "NewReplicaSetAvailable") {
        is_progressing = true;
      }
    } else if (condition.type == "Available" && condition.status == "True") {
      is_available = true;
    }
  }
  const Replicas replicas(object);
  if (const auto health = counted_health(replicas)) return *health;
  if (!is_progressing) return in_progress("ReplicaSet not Available");
  if (!is_available) return in_progress("Deployment not Available");
  return current(fmt::format("Deployment is available. Replicas: {}", replicas.all));
}

Result<Health> replica_set_health(const Value& object) {
  if (find_condition(TRY(read_conditions(object)), "ReplicaFailure", "True") != nullptr) {
    return in_progress("Replica Failure condition. Check Pods");
  }
  const Replicas replicas(object);
  const std::int64_t labelled = integer_at(object, {"status", "fullyLabeledReplicas"}, 0);
  if (auto health = while_fewer("Labelled", labelled, replicas.wanted)) return *health;
  if (auto health = while_fewer("Available", replicas.available, replicas.wanted)) return *health;
  if (auto health = while_fewer("Ready", replicas.ready, replicas.wanted)) return *health;
  if (auto health = while_more(replicas.all, replicas.wanted)) return *health;
  return current(fmt::format("ReplicaSet is available. Replicas: {}", replicas.all));
}

Health stateful_set_health(const Value& object) {
  if (string_at(object, {"spec", "updateStrategy", "type"}, "") == "OnDelete") {
    return current("StatefulSet is using the ondelete update strategy");
  }
  const Replicas replicas(object);
  if (auto health = while_fewer("Replicas", replicas.all, replicas.wanted)) return *health;
  if (auto health = while_fewer("Ready", replicas.ready, replicas.wanted)) return *health;
  if (auto health = while_more(replicas.all, replicas.wanted)) return *health;
  const std::int64_t partition =
      integer_at(object, {"spec", "updateStrategy", "rollingUpdate", "partition"}, -1);
  if (partition != -1) return partition_health(replicas, partition);
  const std::int64_t of_revision = integer_at(object, {"status", "currentReplicas"}, 0);
  if (auto health = while_fewer("current", of_revision, replicas.wanted)) return *health;
  if (string_at(object, {"status", "currentRevision"}, "") !=
      string_at(object, {"status", "updateRevision"}, "")) {
    return in_progress("Waiting for updated revision to match current");
  }
  return current(fmt::format("All replicas scheduled as expected. Replicas: {}", replicas.all));
}

Result<Health> daemon_set_health(const Value& object) {
  const std::string_view kind = object.text_at("kind");
  if (!TRY(nested_integer(object, {"metadata", "generation"}))) {
    return in_progress(fmt::format("{} metadata.generation not found", kind));
  }
  if (!TRY(nested_integer(object, {"status", "observedGeneration"}))) {
    return in_progress(fmt::format("{} status.observedGeneration not found", kind));
  }
  const std::int64_t desired = integer_at(object, {"status", "desiredNumberScheduled"}, -1);
  if (desired == -1) return in_progress("Missing .status.desiredNumberScheduled");
  for (const auto& [word, field] :
       {std::pair("Current", "currentNumberScheduled"),
        std::pair("Updated", "updatedNumberScheduled"), std::pair("Available", "numberAvailable"),
        std::pair("Ready", "numberReady")}) {
    const std::int64_t there = integer_at(object, {"status", field}, 0);
    if (auto health = while_fewer(word, there, desired)) return *health;
  }
  return current(fmt::format("All replicas scheduled as expected. Replicas: {}", desired));
}

Result<Health> job_health(const Value& object) {
  const Value* suspend = object.find("spec", "suspend");
  if (suspend != nullptr && suspend->as_bool() != nullptr && *suspend->as_bool()) {
    return current("Job is suspended");
  }
  const std::int64_t parallelism = integer_at(object, {"spec", "parallelism"}, 1);
  const std::int64_t completions = integer_at(object, {"spec", "completions"}, parallelism);
  const std::int64_t active = integer_at(object, {"status", "active"}, 0);
  const std::int64_t succeeded = integer_at(object, {"status", "succeeded"}, 0);
  const std::int64_t failed = integer_at(object, {"status", "failed"}, 0);
  for (const Condition& condition : TRY(read_conditions(object))) {
    if (condition.status != "True") continue;
    if (condition.type == "Complete") {
      return current(fmt::format("Job Completed. succeeded: {}/{}", succeeded, completions));
    }
    if (condition.type == "Failed") {
      return Health{HealthStatus::failed,
                    fmt::format("Job Failed. failed: {}/{}", failed, completions)};
    }
  }
  if (string_at(object, {"status", "startTime"}, "").empty()) {
    return in_progress(fmt::format("Job not started. active: 0/{}", parallelism));
  }
  return in_progress(fmt::format("Job in progress. success:{}, active: {}, failed: {}", succeeded,
                                 active, failed));
}

}  // namespace primocane
