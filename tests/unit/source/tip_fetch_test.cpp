// SPDX-License-Identifier: Apache-2.0
// How deep the history is looked at.
#include "source/tip_fetch.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <limits>
#include <vector>

namespace primocane {

TEST_CASE("each look goes much deeper than the last, and none beyond the limit") {
  std::vector<std::uint32_t> depths = {2};
  while (const auto depth = next_depth(depths.back(), 10'000)) depths.push_back(*depth);
  CHECK(depths == std::vector<std::uint32_t>{2, 32, 512, 8192, 10'000});
}

TEST_CASE("any limit ends the search") {
  CHECK_FALSE(next_depth(2, 1).has_value());
  CHECK_FALSE(next_depth(2, 2).has_value());
  CHECK(next_depth(2, 3) == 3);
  constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
  CHECK(next_depth(most / 2, most) == most);
  CHECK_FALSE(next_depth(most, most).has_value());
}

}  // namespace primocane
