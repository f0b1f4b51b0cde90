// SPDX-License-Identifier: Apache-2.0
// What a suspended HelmRelease comes to: what is in the cluster of it, as it is.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "flux/helm_release_spec.hpp"
#include "resource/resource.hpp"

#include <string_view>
#include <vector>

namespace primocane {

/// On a HelmChart: K3s's Helm controller leaves it and its release alone, whatever becomes of it
/// (k3s-io/helm-controller, pkg/controllers/chart/chart.go, shouldManage).
inline constexpr std::string_view unmanaged_chart_annotation{"helmcharts.helm.cattle.io/unmanaged"};

/// The Secrets that `chart`, a HelmChart, names and release_objects() made.
[[nodiscard]] std::vector<ResourceId> secrets_of_helm_chart(const ResourceId& id,
                                                            const Value& chart);

/// The Secrets `secrets` and the HelmChart `chart` as they are in the cluster, and that the Helm
/// controller shall leave the release alone. They stay when the HelmRelease leaves Git: Flux
/// uninstalls nothing that is suspended, and a HelmChart that is deleted while its controller
/// leaves it alone never goes (k3s-io/helm-controller, pkg/controllers/chart/chart.go, Register).
[[nodiscard]] Result<std::vector<Resource>> suspended_objects(const HelmReleaseSpec& spec,
                                                              const Value& chart,
                                                              const std::vector<Value>& secrets);

}  // namespace primocane
