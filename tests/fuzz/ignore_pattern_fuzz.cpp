// SPDX-License-Identifier: Apache-2.0
// Whatever stands in a .sourceignore, it is patterns or refused; what a pattern says about a folder
// does not hang on what is in it, and a pattern of one name takes all that is in what it takes.
#include "source/ignore_pattern.hpp"

#include "base/take_until.hpp"
#include "fuzz/require.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

using namespace primocane;

// The name is libFuzzer's. The input is a path, and patterns below it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string_view path = take_until(text, '\n');
  std::vector<std::string_view> components;
  while (!path.empty()) components.push_back(take_until(path, '/'));
  const auto patterns = read_ignore_patterns(text);
  if (!patterns || components.empty()) return 0;
  require(patterns->size() <= ignore_patterns_max);
  std::vector<std::string_view> inner = components;
  inner.emplace_back("x");
  for (const IgnorePattern& pattern : *patterns) {
    const auto folder = pattern.match(components, true);
    const auto file = pattern.match(components, false);
    require(!file || folder == file);
    require(!folder || pattern.match(inner, false) == folder);
  }
  return 0;
}
