// SPDX-License-Identifier: Apache-2.0
// AlteredValues: finds out whether values of an object have changed though our entry in its
// managedFields stands: mutating admission leaves no trace there. Where the object's generation has
// moved and nobody's entry says why, one dry run of our apply tells. DriftCorrector asks it.
#pragma once

#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "reconcile/live_cluster.hpp"
#include "reconcile/memory.hpp"
#include "resource/resource_id.hpp"

#include <functional>
#include <memory>
#include <set>

namespace primocane {

/// Lives on the loop's thread.
class AlteredValues {
 public:
  using Found = std::function<void(const ResourceId& id)>;

  /// All borrowed. `found` is told of an object whose AppliedRecord::is_altered was set or reset.
  AlteredValues(EventLoop& loop, Cluster& cluster, const LiveCluster& live, PassMemory& memory,
                Found found);
  AlteredValues(const AlteredValues&) = delete;
  AlteredValues& operator=(const AlteredValues&) = delete;
  ~AlteredValues() = default;

  /// What a watch shows of `id` may have changed. Starts nothing before it returns.
  void changed(const ResourceId& id);
  /// After a pass, for what could not be looked at before it.
  void look_again();

 private:
  void want(const ResourceId& id);
  void run();
  Task<void> look();
  Task<bool> look_at(ResourceId id);

  EventLoop& loop_;
  Cluster& cluster_;
  const LiveCluster& live_;
  PassMemory& memory_;
  Found found_;
  std::set<ResourceId> wanted_;
  std::set<ResourceId> postponed_;  // until after a pass
  std::set<ResourceId> outdated_;   // until the watch tells of them again
  std::unique_ptr<Registration> timer_;
  bool is_looking_ = false;
  Job looking_;
};

}  // namespace primocane
