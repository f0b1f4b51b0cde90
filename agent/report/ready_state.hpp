// SPDX-License-Identifier: Apache-2.0
// ReadyState: whether one of Flux's objects is as it should be, as Flux's condition Ready tells it.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "document/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// The status of Flux's condition Ready.
enum class Ready : std::uint8_t { unknown, no, yes };

/// "Unknown", "False", "True".
[[nodiscard]] std::string_view to_string(Ready ready);

/// Flux's condition Ready. The reasons are Flux's (fluxcd/pkg apis/meta, kustomize-controller
/// api/v1/condition_types.go).
struct ReadyState {
  Ready ready = Ready::unknown;
  std::string reason;               ///< "ReconciliationSucceeded", "DependencyNotReady", ...
  std::string message;              ///< one line
  std::string revision;             ///< last applied without a failure, "" if none was
  std::optional<WallTime> since{};  ///< when `ready` became what it is

  bool operator==(const ReadyState&) const = default;
};

/// Appends its members to what is told of the object; what is empty is left out.
void write_ready_state(Object& object, const ReadyState& readiness);
[[nodiscard]] Result<ReadyState> read_ready_state(const Value& value);

}  // namespace primocane
