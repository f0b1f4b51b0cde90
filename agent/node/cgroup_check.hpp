// SPDX-License-Identifier: Apache-2.0
// Whether the kernel counts memory by control group: Raspberry Pi's firmware switches that off.
#pragma once

#include "node/finding.hpp"
#include "node/node_facts.hpp"

namespace primocane {

/// Without it K3s does not start, and no limit of memory holds.
[[nodiscard]] Finding examine_memory_cgroup(const NodeFacts& facts);

}  // namespace primocane
