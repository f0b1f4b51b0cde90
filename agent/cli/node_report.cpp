// SPDX-License-Identifier: Apache-2.0
#include "cli/node_report.hpp"

#include "host/read_file.hpp"
#include "host/read_system_facts.hpp"
#include "node/examine_node.hpp"
#include "node/node_facts.hpp"

namespace primocane {

namespace {

Result<std::string> read_node_file(const std::string& path) {
  constexpr ByteCount size_max(1024 * 1024);
  return read_file(path, size_max);
}

}  // namespace

std::vector<Finding> report_node(const Clock& clock, const std::string& state_dir,
                                 WallTime known_at) {
  return examine_node(
      read_node_facts(read_system_facts(clock, state_dir), known_at, read_node_file));
}

}  // namespace primocane
