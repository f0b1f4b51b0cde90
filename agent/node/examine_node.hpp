// SPDX-License-Identifier: Apache-2.0
// All checks of the node itself: what the agent tells at its start, and `primocane doctor` first.
#pragma once

#include "node/finding.hpp"
#include "node/node_facts.hpp"

#include <vector>

namespace primocane {

/// Kernel, clock, memory cgroup, disk, in this order, each with at least one finding.
[[nodiscard]] std::vector<Finding> examine_node(const NodeFacts& facts);

}  // namespace primocane
