// SPDX-License-Identifier: Apache-2.0
// The order of HelmReleases that depend on each other.
#pragma once

#include "reconcile/release_state.hpp"
#include "resource/resource_id.hpp"

#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// `ids`, those that others depend on before these: what becomes of them is known then. Those that
/// wait for each other come last.
[[nodiscard]] std::vector<ResourceId> in_order_of_dependencies(const std::vector<ResourceId>& ids,
                                                               const ReleaseStates& releases);

/// The way from the release `id` by way of others back to itself, "home/a → home/b → home/a";
/// nothing if there is none.
[[nodiscard]] std::optional<std::string> dependency_circle(const ResourceId& id,
                                                           const ReleaseStates& releases);

}  // namespace primocane
