// SPDX-License-Identifier: Apache-2.0
// Looks at this node with the real files and system calls.
#pragma once

#include "base/clock.hpp"
#include "node/finding.hpp"

#include <string>
#include <vector>

namespace primocane {

/// The findings of examine_node() (node/examine_node.hpp). `known_at` is when the newest thing that
/// is here was made, as far as the caller knows: the clock can't be before it. Takes a millisecond
/// or two, waits for nothing and changes nothing.
[[nodiscard]] std::vector<Finding> report_node(const Clock& clock, const std::string& state_dir,
                                               WallTime known_at);

}  // namespace primocane
