// SPDX-License-Identifier: Apache-2.0
// Reads what the API server says it serves, keeping only what ServedKind needs.
#pragma once

#include "base/error.hpp"
#include "cluster/cluster.hpp"

#include <string_view>
#include <vector>

namespace primocane {

/// Kinds by group and kind, merged from several documents.
class KindList {
 public:
  /// Adds the resource `plural` of one version; the first version of a kind is its preferred one.
  /// A second resource of the same kind (a view of the first) is left out.
  void add(const ApiVersion& version, std::string_view kind, std::string_view plural, Scope scope,
           bool can_list);
  [[nodiscard]] std::vector<ServedKind> take() { return std::move(kinds_); }

 private:
  std::vector<ServedKind> kinds_;
};

/// True if `content_type` is that of aggregated discovery (apidiscovery.k8s.io v2 or v2beta1).
[[nodiscard]] bool is_aggregated_discovery(std::string_view content_type);

/// Reads an APIGroupDiscoveryList, group by group. Versions marked Stale, whose server did not
/// answer lately, are left out.
[[nodiscard]] Result<void> read_aggregated_discovery(std::string_view json, KindList& kinds);

/// The versions that an APIVersions (of /api) or APIGroupList (of /apis) names, the preferred one
/// of each group first.
[[nodiscard]] Result<std::vector<ApiVersion>> read_version_list(std::string_view json);

/// Reads an APIResourceList of `version`.
[[nodiscard]] Result<void> read_resource_list(std::string_view json, const ApiVersion& version,
                                              KindList& kinds);

}  // namespace primocane
