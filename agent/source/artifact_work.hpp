// SPDX-License-Identifier: Apache-2.0
// The boxed child that works on what registries and chart repositories send: what it is asked, one
// line of JSON, and its work.
#pragma once

#include "base/error.hpp"
#include "source/chart_index_scan.hpp"
#include "source/unpack_layer.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace primocane {

/// Print the files of the layer that is the first of the box's files, as a bundle
/// (bundle_tree.hpp).
struct UnpackLayer {
  LayerSymlinks symlinks = LayerSymlinks::ignore;
  UnpackLimits limits;

  bool operator==(const UnpackLayer&) const = default;
};

/// Print the entries of `chart` (write_chart_entries) that the text behind the request is about.
struct ReadChartEntries {
  ChartIndexForm form = ChartIndexForm::yaml;
  std::string chart;

  bool operator==(const ReadChartEntries&) const = default;
};

using ArtifactRequest = std::variant<UnpackLayer, ReadChartEntries>;

/// The request as one line of JSON, without the newline.
[[nodiscard]] std::string write_artifact_request(const ArtifactRequest& request);
[[nodiscard]] Result<ArtifactRequest> read_artifact_request(std::string_view line);

/// How the child ends that has found the input wrong, which standard error tells about; sysexits'
/// EX_DATAERR.
inline constexpr int exit_wrong_artifact = 65;

/// Reads the request from standard input and does what it says; returns the exit code.
[[nodiscard]] int run_artifact_work();

}  // namespace primocane
