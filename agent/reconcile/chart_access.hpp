// SPDX-License-Identifier: Apache-2.0
// What it takes to download a chart, from how we ask for it ourselves to how a HelmChart says it.
// Pure functions.
#pragma once

#include "flux/helm_chart.hpp"
#include "source/chart_repository.hpp"
#include "source/docker_config.hpp"
#include "source/oci_registry.hpp"
#include "source/oci_url.hpp"

#include <string>
#include <string_view>

namespace primocane {

/// A Docker configuration with this one login for `registry`, a host and perhaps a port; "" for no
/// login at all.
[[nodiscard]] std::string docker_config_of(const RegistryLogin& login, std::string_view registry);

/// How Helm gets what `access` gets from `registry`.
[[nodiscard]] ChartAccess chart_access_of(const RegistryAccess& access, std::string_view registry);

/// How Helm gets what we get with `settings`.
[[nodiscard]] ChartAccess chart_access_of(const ChartRepositorySettings& settings);

/// How Helm is told which version of a chart in a registry is meant: `version`, as the chart calls
/// itself, where Helm finds `tag` by it, else "", and the digest alone says it. Helm writes "_" for
/// the "+" of a version, and finds a tag that begins with "v" by that alone (Helm,
/// pkg/registry/client.go).
[[nodiscard]] std::string version_for_helm(std::string_view version, std::string_view tag);

}  // namespace primocane
