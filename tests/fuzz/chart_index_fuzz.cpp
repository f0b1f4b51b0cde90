// SPDX-License-Identifier: Apache-2.0
// The index of a Helm repository says the same whatever pieces it comes in, and what is kept of it
// can be read or is refused. The first byte is the size of the pieces.
#include "source/chart_index.hpp"

#include "fuzz/require.hpp"
#include "source/chart_entries.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

using namespace primocane;

namespace {

Result<ChartIndexExtract> extract(std::string_view index, std::size_t piece) {
  ChartIndexFilter filter({"a", "podinfo"});
  while (!index.empty()) {
    const std::string_view next = index.substr(0, piece);
    index.remove_prefix(next.size());
    const Result<void> added = filter.add(next);
    if (!added) return std::unexpected(added.error());
  }
  return filter.finish();
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.empty()) return 0;
  const std::size_t piece = 1 + static_cast<unsigned char>(text.front());
  text.remove_prefix(1);
  const Result<ChartIndexExtract> whole = extract(text, std::max<std::size_t>(text.size(), 1));
  const Result<ChartIndexExtract> pieces = extract(text, piece);
  require(whole.has_value() == pieces.has_value());
  if (!whole) {
    require(whole.error() == pieces.error());
    return 0;
  }
  require(whole->form == pieces->form && whole->charts == pieces->charts);
  for (const auto& [chart, kept] : whole->charts) {
    const auto entries = read_chart_entries(whole->form, chart, kept);
    if (!entries) continue;
    const auto back = read_written_entries(write_chart_entries(*entries));
    require(back.has_value() && *back == *entries);
  }
  return 0;
}
