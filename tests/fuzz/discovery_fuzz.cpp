// SPDX-License-Identifier: Apache-2.0
// Whatever a server says it serves, reading it ends in kinds that are complete and told apart, or
// in an error.
#include "cluster/discovery.hpp"

#include "fuzz/require.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace primocane;

namespace {

void check_error(const Error& error) {
  require(error.kind == ErrorKind::invalid || error.kind == ErrorKind::unavailable);
  require(!error.message.empty());
}

void check_kinds(const std::vector<ServedKind>& kinds) {
  std::set<GroupKind> seen;
  for (const ServedKind& kind : kinds) {
    require(seen.insert(kind.group_kind).second);
    require(!kind.group_kind.kind.empty() && !kind.plural.empty() && !kind.versions.empty());
    std::set<std::string> versions;
    for (const std::string& version : kind.versions) {
      require(!version.empty() && versions.insert(version).second);
    }
  }
}

void check_versions(const std::vector<ApiVersion>& versions) {
  for (const ApiVersion& version : versions) {
    require(!version.version.empty());
    require(std::ranges::count(versions, version) == 1);
  }
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  KindList kinds;
  // One after the other into one list, as the answers of several groups are.
  if (const auto read = read_aggregated_discovery(text, kinds); !read) check_error(read.error());
  if (const auto read = read_resource_list(text, {"apps", "v1"}, kinds); !read) {
    check_error(read.error());
  }
  if (const auto read = read_resource_list(text, {"", "v1"}, kinds); !read) {
    check_error(read.error());
  }
  check_kinds(kinds.take());
  if (const auto versions = read_version_list(text)) {
    check_versions(*versions);
  } else {
    check_error(versions.error());
  }
  return 0;
}
