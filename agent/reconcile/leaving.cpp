// SPDX-License-Identifier: Apache-2.0
#include "reconcile/leaving.hpp"

#include "resource/live_object.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <utility>

namespace primocane {

std::vector<LeavingSet> find_leaving(const ClusterView& view, const KustomizationStates& graph,
                                     const std::set<ResourceId>& removed,
                                     const std::set<ResourceId>& terminating) {
  std::vector<LeavingSet> all;
  for (const auto& [id, live] : view.parents) {
    const Parent& parent = live.parent;
    const bool waits = parent.on_removal == OnRemoval::remove_and_wait;
    if (!waits || graph.contains(parent.kustomization)) continue;
    LeavingSet set{.name = parent.kustomization,
                   .revision = parent.revision,
                   .wait = parent.removal_wait,
                   .left = {}};
    for (const auto& [member, seen] : view.labelled) {
      if (seen.part_of != id || !is_member(seen, Declared::no)) continue;
      const bool was_terminating = seen.is_terminating && !removed.contains(member);
      if (was_terminating || terminating.contains(member)) set.left.push_back(member);
    }
    if (!set.left.empty()) all.push_back(std::move(set));
  }
  return all;
}

KustomizationStatus status_of(const LeavingSet& set, const KustomizationName& root) {
  const std::size_t others = set.left.size() - 1;
  const std::string first = to_string(set.left.front());
  KustomizationStatus status;
  status.name = set.name;
  status.container = to_string(root);
  status.objects = set.left.size();
  status.readiness.reason = "Terminating";
  status.readiness.message =
      others == 0 ? fmt::format("left Git; waits until {} is gone", first)
                  : fmt::format("left Git; waits until {} and {} more are gone", first, others);
  status.readiness.revision = set.revision;
  return status;
}

}  // namespace primocane
