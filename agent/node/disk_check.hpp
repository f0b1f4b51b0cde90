// SPDX-License-Identifier: Apache-2.0
// The file system of the state folder: space, whether it can be written, and its health.
#pragma once

#include "node/finding.hpp"
#include "node/node_facts.hpp"

#include <vector>

namespace primocane {

/// A finding for all that is wrong, or one that says that nothing is.
[[nodiscard]] std::vector<Finding> examine_disk(const NodeFacts& facts);

}  // namespace primocane
