// SPDX-License-Identifier: Apache-2.0
// Which of many versions is meant by a range of them, as source-controller decides it.
#pragma once

#include "base/error.hpp"
#include "source/chart_entries.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// Which tag of an OCIRepository is followed by a range.
struct TagWish {
  std::string range;       ///< spec.ref.semver
  std::string filter;      ///< spec.ref.semverFilter: a regular expression, "" for all
  std::string media_type;  ///< of the layer: tags of charts have "_" where their version has "+"
};

/// The latest version among `tags` that `wish` is about, as a tag. Tags that are no versions are
/// passed over. `invalid` for a bad range or expression, and when nothing is left. Source:
/// internal/controller/ocirepository_controller.go, getTagBySemver.
[[nodiscard]] Result<std::string> choose_tag(const std::vector<std::string>& tags,
                                             const TagWish& wish);

/// The version of a chart among the tags of its repository: the one that is `range` to the letter,
/// else the latest in the range; "" and "*" are the latest that is no prerelease. `invalid` when
/// there is none. Source: internal/helm/repository/oci_chart_repository.go.
[[nodiscard]] Result<std::string> choose_chart_tag(const std::vector<std::string>& tags,
                                                   std::string_view range);

/// Whether `range` is one version, which needs no list to be chosen from (the same).
[[nodiscard]] bool is_one_version(std::string_view range);

/// The entry of a chart that `range` means, likewise; of versions that differ in their build alone
/// the one that was made last. `invalid` when there is none. Source:
/// internal/helm/repository/chart_repository.go, getChartVersion.
[[nodiscard]] Result<ChartEntry> choose_chart_entry(const std::vector<ChartEntry>& entries,
                                                    std::string_view range);

}  // namespace primocane
