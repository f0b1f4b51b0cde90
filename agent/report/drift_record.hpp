// SPDX-License-Identifier: Apache-2.0
// DriftRecord: one thing that somebody else did to an object, and what came of it, as
// `primocane drift` lists it.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "document/value.hpp"
#include "report/event.hpp"

#include <array>
#include <optional>
#include <string>

namespace primocane {

/// The events that tell of what others did.
inline constexpr std::array drift_kinds{EventKind::drift_reverted, EventKind::drift_detected};

[[nodiscard]] bool is_drift(EventKind kind);

struct DriftRecord {
  WallTime time{};                     ///< when it was told
  std::string event;                   ///< the event's word: "drift-reverted"
  std::string object;                  ///< "Deployment/home/web"
  std::string kustomization;           ///< "namespace/name"
  std::string reason;                  ///< "fields of ours were taken"
  std::string manager;                 ///< who it was, or ""
  std::string fields;                  ///< ".spec.replicas", or ""
  std::optional<Duration> drifted{};   ///< how long it was not as Git says
  std::optional<Duration> duration{};  ///< how long the revert took

  bool operator==(const DriftRecord&) const = default;
};

/// Of an event that is_drift(): each text on one line without terminal codes, and cut where it is
/// longer than anybody reads.
[[nodiscard]] DriftRecord drift_record_of(const Event& event, WallTime now);

/// As JSON: keys in camelCase, what is not known left out, durations in microseconds.
[[nodiscard]] Value write_drift_record(const DriftRecord& record);
[[nodiscard]] Result<DriftRecord> read_drift_record(const Value& value);

/// "18 ms", "3 s", "5 min": for people.
[[nodiscard]] std::string write_span(Duration span);

}  // namespace primocane
