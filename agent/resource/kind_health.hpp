// SPDX-License-Identifier: Apache-2.0
// The health of each built-in kind that has rules of its own (kstatus core.go). Their callers have
// looked at what all kinds have in common.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "document/value.hpp"
#include "resource/health.hpp"
#include "resource/object_fields.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace primocane {

/// The first condition of that type, or null.
[[nodiscard]] const Condition* find_condition(std::span<const Condition> conditions,
                                              std::string_view type, std::string_view status);

/// What the rules of its kind say about `object`, nothing if its kind has none. `invalid` if the
/// object is not shaped as its kind must be. Jobs are not among them: see job_health.
[[nodiscard]] std::optional<Result<Health>> kind_health(std::string_view group,
                                                        std::string_view kind, const Value& object,
                                                        WallTime now);

/// A Deployment's.
[[nodiscard]] Result<Health> deployment_health(const Value& object);
/// A ReplicaSet's.
[[nodiscard]] Result<Health> replica_set_health(const Value& object);
/// A StatefulSet's.
[[nodiscard]] Health stateful_set_health(const Value& object);
/// A DaemonSet's.
[[nodiscard]] Result<Health> daemon_set_health(const Value& object);
/// A Job's, by Flux's rule (fluxcd/pkg runtime/statusreaders job.go): it must complete.
[[nodiscard]] Result<Health> job_health(const Value& object);

}  // namespace primocane
