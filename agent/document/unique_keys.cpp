// SPDX-License-Identifier: Apache-2.0
#include "document/unique_keys.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

namespace primocane {

namespace {

using Pair = std::pair<std::size_t, std::size_t>;

std::optional<Pair> duplicate_in_few(const Object& members) {
  for (std::size_t later = 1; later < members.size(); ++later) {
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      if (members.begin()[static_cast<std::ptrdiff_t>(earlier)].first ==
          members.begin()[static_cast<std::ptrdiff_t>(later)].first) {
        return Pair{earlier, later};
      }
    }
  }
  return std::nullopt;
}

std::optional<Pair> duplicate_in_many(const Object& members) {
  const auto key = [&](std::size_t index) -> const std::string& {
    return members.begin()[static_cast<std::ptrdiff_t>(index)].first;
  };
  std::vector<std::size_t> sorted(members.size());
  std::iota(sorted.begin(), sorted.end(), std::size_t{0});
  std::ranges::sort(sorted, [&](std::size_t a, std::size_t b) {
    const int order = key(a).compare(key(b));
    return order != 0 ? order < 0 : a < b;
  });
  std::optional<Pair> found;
  for (std::size_t index = 1; index < sorted.size(); ++index) {
    const Pair pair{sorted[index - 1], sorted[index]};
    if (key(pair.first) == key(pair.second) && (!found || pair.second < found->second)) {
      found = pair;
    }
  }
  return found;
}

}  // namespace

std::optional<Pair> duplicate_key(const Object& members) {
  // Most mappings are small, and then comparing all pairs is faster than sorting.
  constexpr std::size_t few = 16;
  return members.size() <= few ? duplicate_in_few(members) : duplicate_in_many(members);
}

}  // namespace primocane
