// SPDX-License-Identifier: Apache-2.0
#include "node/examine_node.hpp"

#include "node/cgroup_check.hpp"
#include "node/clock_check.hpp"
#include "node/disk_check.hpp"
#include "node/kernel_check.hpp"

#include <utility>

namespace primocane {

std::vector<Finding> examine_node(const NodeFacts& facts) {
  std::vector<Finding> findings{examine_kernel(facts), examine_clock(facts),
                                examine_memory_cgroup(facts)};
  for (Finding& finding : examine_disk(facts)) findings.push_back(std::move(finding));
  return findings;
}

}  // namespace primocane
