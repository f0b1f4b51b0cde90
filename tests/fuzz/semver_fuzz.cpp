// SPDX-License-Identifier: Apache-2.0
// Whatever a text holds, it is a version, a range, or refused; a version equals its canonical form,
// and of two versions not both are the newer one.
#include "source/semver.hpp"

#include "base/take_until.hpp"
#include "fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace primocane;

// The name is libFuzzer's. The input is two versions and a range, a line each.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto first = SemanticVersion::parse(take_until(text, '\n'));
  const auto second = SemanticVersion::parse(take_until(text, '\n'));
  const auto range = VersionRange::parse(text);
  if (first) {
    const auto again = SemanticVersion::parse(first->str());
    require(again && compare(*first, *again) == 0 && again->build() == first->build());
    require(SemanticVersion::parse_strict(first->str()).has_value());
    if (range) require(range->contains(*first) == range->contains(*again));
  }
  if (first && second) {
    require((compare(*first, *second) < 0) == (compare(*second, *first) > 0));
  }
  return 0;
}
