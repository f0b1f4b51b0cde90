// SPDX-License-Identifier: Apache-2.0
// What the Secrets hold that the sources of Flux name.
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "source/docker_config.hpp"

#include <string>
#include <string_view>

namespace primocane {

/// The Secret `name` in the namespace of the source that names it.
[[nodiscard]] ResourceId secret_id(const std::string& namespace_name, std::string_view name);

/// What is under `data` of the Secret `id`, which the field `field` names. `unavailable` if it is
/// not in the cluster.
Task<Result<SecretData>> read_source_secret(Cluster& cluster, std::string field, ResourceId id);

}  // namespace primocane
