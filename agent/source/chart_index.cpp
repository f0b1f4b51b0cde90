// SPDX-License-Identifier: Apache-2.0
#include "source/chart_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

Result<void> KeptCharts::begin(const std::string& chart) {
  end();
  if (std::ranges::find(wanted_, chart) == wanted_.end()) return {};
  const auto [text, is_new] = texts_.try_emplace(chart);
  if (!is_new) return fail(ErrorKind::invalid, fmt::format("lists chart {} twice", chart));
  current_ = &text->second;
  return {};
}

Result<void> KeptCharts::keep(std::string_view text) {
  if (current_ == nullptr) return {};
  size_ += text.size();
  if (ByteCount(size_) > chart_texts_max) {
    return fail(ErrorKind::invalid, fmt::format("says more than {} about the charts in use",
                                                to_string(chart_texts_max)));
  }
  *current_ += text;
  return {};
}

std::unexpected<Error> no_chart_index() {
  return fail(ErrorKind::invalid, "is no index of a Helm repository: it has no apiVersion");
}

ChartIndexFilter::ChartIndexFilter(std::vector<std::string> charts)
    : kept_(std::make_unique<KeptCharts>(std::move(charts))) {}

Result<void> ChartIndexFilter::add(std::string_view piece) {
  if (!scan_) {
    // JSON may begin with white space; in YAML lines of it mean nothing, and Helm indents none. It
    // goes in either form, so that what is told does not depend on how the pieces were cut.
    const std::size_t begin = piece.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return {};
    form_ = piece[begin] == '{' ? ChartIndexForm::json : ChartIndexForm::yaml;
    scan_ = form_ == ChartIndexForm::json ? scan_json_index(*kept_) : scan_yaml_index(*kept_);
    // Lines are counted from the first that says something.
    piece.remove_prefix(begin);
  }
  return scan_->add(piece);
}

Result<ChartIndexExtract> ChartIndexFilter::finish() {
  if (!scan_) return fail(ErrorKind::invalid, "is empty");
  TRY(scan_->finish());
  return ChartIndexExtract{.form = form_, .charts = kept_->take()};
}

}  // namespace primocane
