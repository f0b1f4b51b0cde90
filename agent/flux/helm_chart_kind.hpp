// SPDX-License-Identifier: Apache-2.0
// HelmChartKind: what the cluster's kind HelmChart can say. K3s's Helm controller brings it, and
// newer ones know more fields (k3s-io/helm-controller, pkg/apis/helm.cattle.io/v1/types.go).
#pragma once

#include "document/value.hpp"
#include "resource/resource_id.hpp"

#include <set>
#include <string>
#include <string_view>

namespace primocane {

inline constexpr std::string_view helm_chart_group = "helm.cattle.io";
inline constexpr std::string_view helm_chart_version = "v1";
/// The CustomResourceDefinition of the kind.
[[nodiscard]] ResourceId helm_chart_definition();
/// The object that stands for a release.
[[nodiscard]] ResourceId helm_chart_id(std::string_view namespace_name, std::string_view release);

class HelmChartKind {
 public:
  /// Reads the schema of version v1 out of the CustomResourceDefinition. A definition without it
  /// has none of the fields.
  explicit HelmChartKind(const Value& definition);

  /// Whether spec has `field`.
  [[nodiscard]] bool has(std::string_view field) const { return fields_.contains(field); }
  /// Whether failurePolicy may be "retry".
  [[nodiscard]] bool can_retry() const { return can_retry_; }

 private:
  std::set<std::string, std::less<>> fields_;
  bool can_retry_ = false;
};

}  // namespace primocane
