// SPDX-License-Identifier: Apache-2.0
// Whether kernel and processor are such as primocane needs.
#pragma once

#include "node/finding.hpp"
#include "node/node_facts.hpp"

#include <string_view>

namespace primocane {

/// The first two numbers of a version, "6.12.47+rpt" or "v1.33.4+k3s1". Zeros where there are none.
struct ShortVersion {
  int major = 0;
  int minor = 0;

  auto operator<=>(const ShortVersion&) const = default;
};

[[nodiscard]] ShortVersion read_short_version(std::string_view text);

[[nodiscard]] Finding examine_kernel(const NodeFacts& facts);

}  // namespace primocane
