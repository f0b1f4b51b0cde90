// SPDX-License-Identifier: Apache-2.0
// KustomizationStatus: how one Kustomization stands, as `primocane get` shows it and as Flux's
// condition Ready tells it.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
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

/// One line of the list.
struct KustomizationStatus {
  KustomizationName name;
  std::string container;  ///< "namespace/name" of the Kustomization in which it lies; "": the root
  std::string source;     ///< "GitRepository/flux-system/home"
  std::string path;       ///< in the source
  bool is_suspended = false;
  std::uint64_t objects = 0;  ///< that it desires
  ReadyState readiness;

  bool operator==(const KustomizationStatus&) const = default;
};

/// As JSON: keys in camelCase, what is empty left out.
[[nodiscard]] Value write_kustomization_status(const KustomizationStatus& status);
[[nodiscard]] Result<KustomizationStatus> read_kustomization_status(const Value& value);

}  // namespace primocane
