// SPDX-License-Identifier: Apache-2.0
// What the Secrets hold that the sources of Flux name.
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "source/docker_config.hpp"

#include <string>

namespace primocane {

/// The object `id` (of version v1), which the field `field` names. `unavailable` if it is not in
/// the cluster.
Task<Result<Value>> read_named(Cluster& cluster, std::string field, ResourceId id);

/// What is under `data` of the Secret `name` in the namespace of the source that names it. Errors
/// as above.
Task<Result<SecretData>> read_source_secret(Cluster& cluster, std::string field,
                                            std::string namespace_name, std::string name);

}  // namespace primocane
