// SPDX-License-Identifier: Apache-2.0
// The versions of one chart in the index of a Helm repository.
#pragma once

#include "base/error.hpp"
#include "source/chart_index_scan.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// A version of a chart, as the index has it (Helm's pkg/repo/index.go ChartVersion).
struct ChartEntry {
  std::string version;
  std::string url;  ///< the first of its URLs, perhaps relative to the repository's; "" if none
  std::string digest;
  std::string app_version;
  std::string created;  ///< RFC 3339

  bool operator==(const ChartEntry&) const = default;
};

/// Reads what ChartIndexFilter has kept of `chart`. Entries that are not well formed are left out,
/// as Flux does; `invalid` if the text is no list. Runs in a box.
[[nodiscard]] Result<std::vector<ChartEntry>> read_chart_entries(ChartIndexForm form,
                                                                 std::string_view chart,
                                                                 std::string_view text);

/// Entries on one line of JSON, without a newline, and back. Whatever is odd is `invalid`: who
/// writes it is not trusted.
[[nodiscard]] std::string write_chart_entries(const std::vector<ChartEntry>& entries);
[[nodiscard]] Result<std::vector<ChartEntry>> read_written_entries(std::string_view line);

}  // namespace primocane
