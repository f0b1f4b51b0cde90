// SPDX-License-Identifier: Apache-2.0
// HelmReleaseStatus: how one HelmRelease stands, as `primocane get` shows it.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "report/ready_state.hpp"

#include <string>

namespace primocane {

/// One line of the list. Its readiness has the chart's version as revision.
struct HelmReleaseStatus {
  std::string namespace_name;
  std::string name;
  std::string container;  ///< "namespace/name" of the Kustomization in which it lies
  std::string chart;      ///< "web" of a repository, "oci://ghcr.io/org/web"; "" while unknown
  bool is_suspended = false;
  ReadyState readiness;

  bool operator==(const HelmReleaseStatus&) const = default;
};

/// As JSON: keys in camelCase, what is empty left out.
[[nodiscard]] Value write_helm_release_status(const HelmReleaseStatus& status);
[[nodiscard]] Result<HelmReleaseStatus> read_helm_release_status(const Value& value);

}  // namespace primocane
