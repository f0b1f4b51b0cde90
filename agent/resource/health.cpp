// SPDX-License-Identifier: Apache-2.0
#include "resource/health.hpp"

#include "resource/kind_health.hpp"
#include "resource/object_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace primocane {

namespace {

// While its controller has not seen the newest generation, nothing else in its status counts.
Result<std::optional<Health>> generation_health(const Value& object) {
  const auto generation = TRY(nested_integer(object, {"metadata", "generation"}));
  if (!generation) return std::nullopt;
  const auto observed = TRY(nested_integer(object, {"status", "observedGeneration"}));
  if (!observed || *observed == *generation) return std::nullopt;
  return Health{HealthStatus::in_progress,
                fmt::format("{} generation is {}, but latest observed generation is {}",
                            object.text_at("kind"), *generation, *observed)};
}

// kstatus generic.go checkGenericProperties: the conditions Reconciling and Stalled are true while
// something is out of the ordinary, and decide wherever they are.
Result<std::optional<Health>> generic_health(const Value& object) {
  const auto deleted = TRY(nested_string(object, {"metadata", "deletionTimestamp"}));
  if (deleted && !deleted->empty()) {
    return Health{HealthStatus::terminating, "Resource scheduled for deletion"};
  }
  if (auto health = TRY(generation_health(object))) return health;
  for (const Condition& condition : TRY(read_conditions(object))) {
    if (condition.status != "True") continue;
    if (condition.type == "Reconciling") {
      return Health{HealthStatus::in_progress, std::string(condition.message)};
    }
    if (condition.type == "Stalled") {
      return Health{HealthStatus::failed, std::string(condition.message)};
    }
  }
  return std::nullopt;
}

// kstatus status.go checkReadyCondition. A condition that is False may still become True.
Result<Health> ready_health(const Value& object) {
  for (const Condition& condition : TRY(read_conditions(object))) {
    if (condition.type != "Ready") continue;
    if (condition.status == "True") return Health{HealthStatus::current, "Resource is Ready"};
    if (condition.status == "False" || condition.status == "Unknown") {
      return Health{HealthStatus::in_progress, std::string(condition.message)};
    }
  }
  return Health{HealthStatus::current, "Resource is current"};
}

Result<Health> computed_health(const Value& object, WallTime now) {
  const std::string_view group = group_of(object.text_at("apiVersion"));
  const std::string_view kind = object.text_at("kind");
  if (group == "batch" && kind == "Job") return job_health(object);
  if (const auto health = TRY(generic_health(object))) return *health;
  if (auto health = kind_health(group, kind, object, now)) return std::move(*health);
  return ready_health(object);
}

bool has_failed_for_good(const Value& pod, WallTime now) {
  if (health_of(pod, now).status != HealthStatus::failed) return false;
  const auto conditions = read_conditions(pod);
  return !conditions || std::ranges::none_of(*conditions, [](const Condition& condition) {
    return condition.type == "PodScheduled" && condition.status == "False" &&
           condition.reason == "Unschedulable";
  });
}

}  // namespace

std::string_view to_string(HealthStatus status) {
  switch (status) {
    case HealthStatus::current:
      return "Current";
    case HealthStatus::in_progress:
      return "InProgress";
    case HealthStatus::failed:
      return "Failed";
    case HealthStatus::terminating:
      return "Terminating";
    case HealthStatus::not_found:
      return "NotFound";
    case HealthStatus::unknown:
      break;
  }
  return "Unknown";
}

Health health_of(const Value& object, WallTime now) {
  auto health = computed_health(object, now);
  if (!health) return {HealthStatus::unknown, std::move(health).error().message};
  return std::move(*health);
}

bool depends_on_pods(std::string_view group, std::string_view kind) {
  return group == "apps" && (kind == "StatefulSet" || kind == "ReplicaSet");
}

Health health_with_pods(Health health, std::span<const Value> pods, WallTime now) {
  if (health.status != HealthStatus::in_progress) return health;
  const auto failed =
      std::ranges::count_if(pods, [&](const Value& pod) { return has_failed_for_good(pod, now); });
  if (failed == 0) return health;
  return {HealthStatus::failed, fmt::format("{} pods have failed", failed)};
}

bool vanishes_when_finished(const Value& declared) {
  if (declared.text_at("kind") != "Job") return false;
  if (group_of(declared.text_at("apiVersion")) != "batch") return false;
  const auto seconds = nested_integer(declared, {"spec", "ttlSecondsAfterFinished"});
  return seconds && seconds->has_value();
}

}  // namespace primocane
