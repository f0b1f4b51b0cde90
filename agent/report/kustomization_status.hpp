// SPDX-License-Identifier: Apache-2.0
// KustomizationStatus: how one Kustomization stands, as `primocane get` shows it.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "document/value.hpp"
#include "report/ready_state.hpp"

#include <cstdint>
#include <string>

namespace primocane {

/// One line of the list.
struct KustomizationStatus {
  KustomizationName name;
  std::string container;  ///< "namespace/name" of the Kustomization in which it lies; "": the root
  std::string source;     ///< "GitRepository/flux-system/home"
  std::string path;       ///< in the source
  bool is_suspended = false;
  /// The end of the pause that it is in, as write_pause() writes it, or "".
  std::string suspended_until{};
  std::uint64_t objects = 0;  ///< that it desires
  ReadyState readiness;

  bool operator==(const KustomizationStatus&) const = default;
};

/// "suspended until 2026-11-30T08:00:00Z", "suspended until further notice"; "" without a pause.
[[nodiscard]] std::string pause_words(const KustomizationStatus& status);

/// As JSON: keys in camelCase, what is empty left out.
[[nodiscard]] Value write_kustomization_status(const KustomizationStatus& status);
[[nodiscard]] Result<KustomizationStatus> read_kustomization_status(const Value& value);

}  // namespace primocane
