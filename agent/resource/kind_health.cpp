// SPDX-License-Identifier: Apache-2.0
#include "resource/kind_health.hpp"

#include "document/rfc3339.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace primocane {

namespace {

// How long a Pod may wait for a node before that counts as a failure (kstatus ScheduleWindow).
constexpr std::chrono::seconds schedule_window{15};

Health waiting(std::string message) { return {HealthStatus::in_progress, std::move(message)}; }

// The names of the containers that wait because they crash again and again.
Result<std::vector<std::string_view>> crash_looping_containers(const Value& pod) {
  std::vector<std::string_view> names;
  const Value* statuses = TRY(nested_field(pod, {"status", "containerStatuses"}));
  if (statuses == nullptr) return names;
  if (statuses->as_array() == nullptr) {
    return fail(ErrorKind::invalid, "status.containerStatuses must be a list");
  }
  for (const Value& container : *statuses->as_array()) {
    const std::string_view name = container.text_at("name");
    if (name.empty()) continue;
    if (container.text_at("state", "waiting", "reason") != "CrashLoopBackOff") continue;
    names.push_back(name);
  }
  return names;
}

Result<Health> running_pod_health(const Value& pod, std::span<const Condition> conditions) {
  if (find_condition(conditions, "Ready", "True") != nullptr) {
    return Health{HealthStatus::current, "Pod is Ready"};
  }
  const auto names = TRY(crash_looping_containers(pod));
  if (!names.empty()) {
    return Health{HealthStatus::failed,
                  fmt::format("Containers in CrashLoop state: {}", fmt::join(names, ","))};
  }
  return waiting("Pod is running but is not Ready");
}

Health pending_pod_health(const Value& pod, std::span<const Condition> conditions, WallTime now) {
  const Condition* scheduled = find_condition(conditions, "PodScheduled", "False");
  if (scheduled == nullptr || scheduled->reason != "Unschedulable") {
    return waiting("Pod is in the Pending phase");
  }
  const auto created = parse_rfc3339(pod.text_at("metadata", "creationTimestamp"));
  const auto opens = std::chrono::floor<std::chrono::seconds>(now - schedule_window);
  if (created && opens.time_since_epoch().count() < created->seconds) {
    return waiting("Pod has not been scheduled");
  }
  return {HealthStatus::failed, "Pod could not be scheduled"};
}

Result<Health> pod_health(const Value& pod, WallTime now) {
  const auto conditions = TRY(read_conditions(pod));
  const std::string_view phase = string_at(pod, {"status", "phase"}, "");
  if (phase == "Succeeded") {
    return Health{HealthStatus::current, "Pod has completed successfully"};
  }
  if (phase == "Failed") {
    return Health{HealthStatus::current, "Pod has completed, but not successfully"};
  }
  if (phase == "Running") return running_pod_health(pod, conditions);
  if (phase == "Pending") return pending_pod_health(pod, conditions, now);
  // Its controller has not seen it yet.
  if (phase.empty()) return waiting("Pod phase not available");
  return fail(ErrorKind::invalid, fmt::format("unknown phase {}", phase));
}

Health volume_claim_health(const Value& object) {
  const std::string_view phase = string_at(object, {"status", "phase"}, "unknown");
  if (phase == "Bound") return {HealthStatus::current, "PVC is Bound"};
  return waiting(fmt::format("PVC is not Bound. phase: {}", phase));
}

Health service_health(const Value& object) {
  if (string_at(object, {"spec", "type"}, "ClusterIP") == "LoadBalancer" &&
      string_at(object, {"spec", "clusterIP"}, "").empty()) {
    return waiting("ClusterIP not set. Service type: LoadBalancer");
  }
  return {HealthStatus::current, "Service is ready"};
}

Result<Health> definition_health(const Value& object) {
  for (const Condition& condition : TRY(read_conditions(object))) {
    const bool is_refused = condition.status == "False" &&
                            (condition.type == "NamesAccepted" ||
                             (condition.type == "Established" && condition.reason != "Installing"));
    if (is_refused) return Health{HealthStatus::failed, std::string(condition.message)};
    if (condition.type == "Established" && condition.status == "True") {
      return Health{HealthStatus::current, "CRD is established"};
    }
  }
  return waiting("Install in progress");
}

}  // namespace

const Condition* find_condition(std::span<const Condition> conditions, std::string_view type,
                                std::string_view status) {
  const auto found = std::ranges::find_if(conditions, [&](const Condition& condition) {
    return condition.type == type && condition.status == status;
  });
  return found == conditions.end() ? nullptr : &*found;
}

std::optional<Result<Health>> kind_health(std::string_view group, std::string_view kind,
                                          const Value& object, WallTime now) {
  if (group.empty()) {
    if (kind == "Service") return service_health(object);
    if (kind == "Pod") return pod_health(object, now);
    if (kind == "PersistentVolumeClaim") return volume_claim_health(object);
    if (kind == "ConfigMap" || kind == "Secret") {
      return Health{HealthStatus::current, "Resource is always ready"};
    }
    return std::nullopt;
  }
  if (group == "apps" || group == "extensions") {
    if (kind == "Deployment") return deployment_health(object);
    if (kind == "DaemonSet") return daemon_set_health(object);
    if (kind == "ReplicaSet") return replica_set_health(object);
    if (group == "apps" && kind == "StatefulSet") return stateful_set_health(object);
    return std::nullopt;
  }
  if (group == "batch" && kind == "CronJob") {
    return Health{HealthStatus::current, "Resource is always ready"};
  }
  if (group == "policy" && kind == "PodDisruptionBudget") {
    return Health{HealthStatus::current, "AllowedDisruptions has been computed."};
  }
  if (group == "apiextensions.k8s.io" && kind == "CustomResourceDefinition") {
    return definition_health(object);
  }
  return std::nullopt;
}

}  // namespace primocane
