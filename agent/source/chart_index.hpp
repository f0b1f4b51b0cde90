// SPDX-License-Identifier: Apache-2.0
// ChartIndexFilter: takes the entries of some charts out of a Helm repository's index as it streams
// by, so that an index of any size takes no more memory than what is wanted of it.
//
// An index is JSON, or YAML as Helm writes it: "entries" is a block mapping at the top whose keys
// are charts. Whatever belongs to a chart lies deeper than its key (YAML 1.2.2, 8.1 and 7.4.1), so
// lines are enough to find it; only what is found is read as YAML. Source: Helm's
// pkg/repo/index.go. Rejected: yaml-cpp's events for all of it, which cost seconds of a Pi's
// processor per index and hold all tokens of a JSON text in memory.
#pragma once

#include "base/error.hpp"
#include "source/chart_index_scan.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// What an index says about the charts that were asked for.
struct ChartIndexExtract {
  ChartIndexForm form = ChartIndexForm::yaml;
  ChartTexts charts;  ///< those that are in the index
};

/// add() the pieces of an index, then finish().
class ChartIndexFilter {
 public:
  explicit ChartIndexFilter(std::vector<std::string> charts);

  /// `invalid` for what is no index (the line, and what was expected there), or when the entries of
  /// the charts take more than chart_texts_max.
  [[nodiscard]] Result<void> add(std::string_view piece);
  [[nodiscard]] Result<ChartIndexExtract> finish();

 private:
  ChartIndexForm form_ = ChartIndexForm::yaml;
  // By pointer, so that the scan finds it wherever the filter is moved.
  std::unique_ptr<KeptCharts> kept_;
  std::unique_ptr<ChartIndexScan> scan_;  // once the first byte is there
};

}  // namespace primocane
