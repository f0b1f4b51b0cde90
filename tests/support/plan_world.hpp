// SPDX-License-Identifier: Apache-2.0
// PlanWorld: Git, cluster and index as values, for tests of decisions. What is not said is in
// order: a live member carries our entry, a record fits it.
#pragma once

#include "plan/plan.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// A plan with the deletions that go with it.
struct WholePlan : Plan {
  PrunePlan prune;

  [[nodiscard]] bool is_empty() const { return stages.empty() && prune.removals.empty(); }
};

class PlanWorld {
 public:
  PlanWorld();

  /// Git desires `id` with that content.
  DesiredObject& desire(const ResourceId& id, std::string_view content = "1");
  /// The object is in the cluster as a member of our set, without a record.
  LiveObject& live(const ResourceId& id);
  /// It is in the cluster without any label.
  LiveObject& live_unlabelled(const ResourceId& id);
  /// Our last write of `id` sent `content`, and its answer is what live() puts there.
  AppliedRecord& record(const ResourceId& id, std::string_view content = "1");
  /// Desired, live and recorded: nothing to do about it.
  void settled(const ResourceId& id);
  /// `count` ConfigMaps that are live members but not desired.
  void leavers(std::size_t count);
  /// `count` ConfigMaps that are settled.
  void settlers(std::size_t count);
  /// Another Kustomization of ours: its parent exists.
  Parent& other_parent(const KustomizationName& other);

  [[nodiscard]] Result<WholePlan> plan();
  /// One line per change, "create ConfigMap/home/a: new in Git", in order of the stages.
  [[nodiscard]] std::vector<std::string> changes();
  /// "ConfigMap/home/a" in order of deletion.
  [[nodiscard]] std::vector<std::string> removals();

  KustomizationName name{"primocane-system", "root"};
  std::vector<DesiredObject> objects;
  ClusterView view;
  AppliedIndex index;
  PruneSettings prune;
  std::set<ResourceId> resting;

 private:
  DesiredSet set_;
};

/// A ConfigMap in namespace home.
[[nodiscard]] ResourceId config_map(std::string name);

}  // namespace primocane
