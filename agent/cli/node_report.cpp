// SPDX-License-Identifier: Apache-2.0
#include "cli/node_report.hpp"

#include "host/read_file.hpp"
#include "host/read_system_facts.hpp"
#include "node/examine_node.hpp"
#include "node/node_facts.hpp"

#include <algorithm>
#include <chrono>

namespace primocane {

namespace {

// When this program was written: a clock that is before that is wrong. Not the time of the build,
// which would make two builds differ.
constexpr WallTime written_at = std::chrono::sys_days(std::chrono::year(2026) / 11 / 1);

Result<std::string> read_node_file(const std::string& path) {
  constexpr ByteCount size_max(1024 * 1024);
  return read_file(path, size_max);
}

}  // namespace

std::vector<Finding> report_node(const Clock& clock, const std::string& state_dir,
                                 WallTime known_at) {
  return examine_node(read_node_facts(read_system_facts(clock, state_dir),
                                      std::max(written_at, known_at), read_node_file));
}

}  // namespace primocane
