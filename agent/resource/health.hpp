// SPDX-License-Identifier: Apache-2.0
// Health: whether an object on the server has become what was asked for, read from its fields
// alone. kstatus's rules (fluxcd/cli-utils pkg/kstatus/status), with what Flux changes in them.
#pragma once

#include "base/clock.hpp"
#include "document/value.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace primocane {

enum class HealthStatus : std::uint8_t {
  current,      ///< what was asked for is there
  in_progress,  ///< on its way, or not seen yet by its controller
  failed,       ///< its controller gave up, or says that it cannot go on
  terminating,  ///< it is being deleted
  not_found,    ///< it is not there; nothing that is read from an object says so
  unknown,      ///< the object is not shaped as its kind must be
};

/// kstatus's word: "Current", "InProgress", ...
[[nodiscard]] std::string_view to_string(HealthStatus status);

/// An object's health and why.
struct Health {
  HealthStatus status = HealthStatus::unknown;
  std::string message{};

  bool operator==(const Health&) const = default;
};

/// The health of a whole object as the server sent it. `now` is for Pods that nothing schedules.
///
/// As in kustomize-controller a Job must complete, and only its own fields count (fluxcd/pkg
/// runtime/statusreaders job.go).
[[nodiscard]] Health health_of(const Value& object, WallTime now);

/// Whether the health of objects of this group and kind also depends on their Pods: a StatefulSet's
/// and a ReplicaSet's (pkg/kstatus/polling/statusreaders default.go). A Deployment's does not.
[[nodiscard]] bool depends_on_pods(std::string_view group, std::string_view kind);

/// `health` of an object that depends_on_pods, in the light of those that its selector selects: it
/// fails while it is in progress and one of them has failed for good, which is neither one that is
/// being deleted nor one that nothing schedules (pod_controller.go).
[[nodiscard]] Health health_with_pods(Health health, std::span<const Value> pods, WallTime now);

/// Whether `declared` is a Job that its controller removes once it is finished: when it is gone
/// after it was applied, it is healthy (fluxcd/pkg ssa utils.ExtractJobsWithTTL).
[[nodiscard]] bool vanishes_when_finished(const Value& declared);

}  // namespace primocane
