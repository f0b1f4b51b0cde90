// SPDX-License-Identifier: Apache-2.0
// Whether the clock can be right: without it no certificate holds, Git's and the API server's.
#pragma once

#include "node/finding.hpp"
#include "node/node_facts.hpp"

namespace primocane {

/// A clock that is before `not_before` is a problem, one that nobody sets a warning.
[[nodiscard]] Finding examine_clock(const NodeFacts& facts);

}  // namespace primocane
