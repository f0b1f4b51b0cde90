// SPDX-License-Identifier: Apache-2.0
// SourceCharts: finds charts in the registries and repositories that OCIRepositories and
// HelmRepositories name.
#pragma once

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "flux/helm_repository_spec.hpp"
#include "reconcile/chart_finder.hpp"
#include "reconcile/registry_settings.hpp"
#include "resource/desired.hpp"
#include "source/chart_repository.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace primocane {

struct SourceChartsSettings {
  std::string folder;              ///< any that is there, for the children that read indexes
  std::string system_authorities;  ///< PEM, "" where the system has none
};

/// One per agent: it remembers the index of each HelmRepository by its ETag. `loop` and `children`
/// are borrowed and outlive it. One call at a time.
class SourceCharts final : public ChartFinder {
 public:
  SourceCharts(EventLoop& loop, ChildProcesses& children, SourceChartsSettings settings)
      : loop_(loop), children_(children), settings_(std::move(settings)) {}

  Task<Result<ResolvedChart>> find(ChartQuestion question, Cluster& cluster) override;

 private:
  /// A repository with an index, and all that was asked of it: to ask for the same again costs no
  /// index while that has not changed.
  struct Index {
    Fingerprint settings{};
    std::unique_ptr<ChartRepository> repository;
    std::vector<ChartWish> wishes;
  };

  Task<Result<ResolvedChart>> find_in_registry(Resource source, Cluster& cluster);
  Task<Result<ResolvedChart>> find_in_repository(Resource source, ChartRequest chart,
                                                 Cluster& cluster);
  Task<Result<ResolvedChart>> find_below_registry(OciChartsPlace place, ChartRequest chart);
  Task<Result<ResolvedChart>> find_by_index(SourceReference name, ChartRepositorySettings settings,
                                            ChartRequest chart);
  Index* index_of(const SourceReference& name, ChartRepositorySettings settings);
  static std::size_t add_wish(Index& index, ChartWish wish);

  EventLoop& loop_;
  ChildProcesses& children_;
  SourceChartsSettings settings_;
  std::map<SourceReference, Index> indexes_;
};

}  // namespace primocane
