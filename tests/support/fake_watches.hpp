// SPDX-License-Identifier: Apache-2.0
// FakeWatches: the watches of a FakeCluster: what changed since when, and who is told.
#pragma once

#include "base/event_loop.hpp"
#include "cluster/cluster_watch.hpp"
#include "resource/resource_id.hpp"

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <vector>

namespace primocane {

/// Tells in the next turn of the loop, in order. Remembers all that changed until it is compacted.
class FakeWatches {
 public:
  explicit FakeWatches(EventLoop& loop) : loop_(loop) {}
  FakeWatches(const FakeWatches&) = delete;
  FakeWatches& operator=(const FakeWatches&) = delete;
  ~FakeWatches() = default;

  /// `before` and `after` are whole objects, null where there was or is none.
  void note(const ResourceId& id, std::uint64_t version, Value before, Value after);

  /// As ClusterWatch::watch(); `present` is what is there at `version`.
  Task<Result<WatchEnd>> watch(WatchQuery query, ClusterWatch::Take take,
                               std::vector<Value> present, std::uint64_t version);

  /// Ends all watches, as a connection that breaks.
  void cut();
  /// Ends those of a kind, as a server that serves it no more.
  void end(const GroupKind& kind);
  /// Forgets what changed: who goes on from before is told that it expired.
  void compact();
  [[nodiscard]] std::size_t count() const { return open_.size(); }
  [[nodiscard]] bool is_watched(const GroupKind& kind) const;

 private:
  class Open;
  struct Change {
    ResourceId id;
    std::uint64_t version;
    Value before;
    Value after;
  };

  EventLoop& loop_;
  std::vector<Change> changes_;
  std::uint64_t compacted_ = 0;
  std::uint64_t last_ = 0;
  std::list<Open*> open_;
};

}  // namespace primocane
