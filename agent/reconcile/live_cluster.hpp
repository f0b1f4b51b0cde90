// SPDX-License-Identifier: Apache-2.0
// LiveCluster: what the cluster holds, as watches show it: one for each kind in use and one for the
// parents of ApplySets, all in metadata. It also knows what we are writing at the moment, so that
// nobody takes the echo of a write for a change from outside.
#pragma once

#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "cluster/cluster_watch.hpp"
#include "plan/cluster_view.hpp"
#include "reconcile/kind_view.hpp"
#include "reconcile/kind_watch.hpp"
#include "resource/live_object.hpp"
#include "resource/pause.hpp"
#include "resource/resource_id.hpp"

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace primocane {

/// Lives on the loop's thread.
class LiveCluster {
 public:
  /// Who wants to know at once. Called from within the watches: it must return at once and start
  /// nothing.
  struct Listener {
    /// An object is there or changed (`object` is its metadata), or is gone or was written by us
    /// (null).
    std::function<void(const ResourceId& id, const Value* object)> changed;
    std::function<void()> parents_changed;
    /// A watch began to show its kind, or ceased to.
    std::function<void(const GroupKind& kind)> state_changed;
  };

  /// Both are borrowed.
  LiveCluster(ClusterWatch& cluster, EventLoop& loop);
  LiveCluster(const LiveCluster&) = delete;
  LiveCluster& operator=(const LiveCluster&) = delete;
  ~LiveCluster();

  void listen(Listener listener) { listener_ = std::move(listener); }

  /// Watches these kinds and the parents from now on, and no others. What could not be watched is
  /// tried again at once.
  void want(const std::set<GroupKind>& kinds);

  /// Whether the labelled objects of `kind` are known without asking.
  [[nodiscard]] bool shows(const GroupKind& kind) const;
  [[nodiscard]] bool shows_parents() const;
  /// Why a kind that is wanted is not shown, if that is known.
  [[nodiscard]] const Error* failure(const GroupKind& kind) const;

  /// Adds the labelled objects of `kind`, which is shown.
  void copy_to(const GroupKind& kind, std::map<ResourceId, LiveObject>& objects) const;
  /// Adds the parents, which are shown.
  void copy_parents_to(ClusterView& view) const;
  /// The parent of ours with that ApplySet id; null where there is none or they are not shown.
  [[nodiscard]] const LiveParent* find_parent(const std::string& id) const;
  /// What the parents say of pauses, as far as they are shown; one may be over.
  [[nodiscard]] std::map<KustomizationName, Pause> pauses() const;
  /// Null where it is not there, or its kind is not watched.
  [[nodiscard]] const LiveObject* find(const ResourceId& id) const;

  /// One write at a time of an object, for as long as it lives.
  class Writing {
   public:
    Writing(Writing&& other) noexcept
        : cluster_(std::exchange(other.cluster_, nullptr)), id_(std::move(other.id_)) {}
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;
    Writing& operator=(Writing&&) = delete;
    ~Writing();

   private:
    friend class LiveCluster;
    Writing(LiveCluster* cluster, ResourceId id) : cluster_(cluster), id_(std::move(id)) {}

    LiveCluster* cluster_;
    ResourceId id_;
  };

  /// Waits until nobody else writes `id`.
  Task<Writing> begin_writing(ResourceId id);
  [[nodiscard]] bool is_being_written(const ResourceId& id) const { return writes_.contains(id); }
  /// What the answer to a write showed.
  void note(const LiveObject& live);

 private:
  class Watched;
  class WatchedKind;
  class WatchedParents;
  class Waiter;

  void end_writing(const ResourceId& id);
  [[nodiscard]] const WatchedKind* watched(const GroupKind& kind) const;

  ClusterWatch& cluster_;
  EventLoop& loop_;
  Listener listener_;
  std::map<ResourceId, std::list<Waiter*>> writes_;  // and who waits for their end
  std::map<GroupKind, std::unique_ptr<WatchedKind>> kinds_;
  std::unique_ptr<WatchedParents> parents_;
};

}  // namespace primocane
