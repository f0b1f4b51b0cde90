// SPDX-License-Identifier: Apache-2.0
#include "reconcile/live_cluster.hpp"

#include "reconcile/parent_view.hpp"
#include "resource/well_known.hpp"

#include <utility>

namespace primocane {

namespace {

const GroupKind config_map_kind{"", "ConfigMap"};

WatchQuery members_query(const GroupKind& kind) {
  return {.group_kind = kind,
          .namespace_name = {},
          .label_selector = std::string(applyset_part_of_label),
          .resource_version = {},
          .lifetime = spread_lifetime(to_string(kind))};
}

WatchQuery parents_query() {
  return {.group_kind = config_map_kind,
          .namespace_name = std::string(system_namespace),
          .label_selector = std::string(applyset_id_label),
          .resource_version = {},
          .lifetime = spread_lifetime("Parent")};
}

}  // namespace

// The labelled objects of one kind.
class LiveCluster::WatchedKind final : public WatchListener {
 public:
  WatchedKind(LiveCluster& cluster, const GroupKind& kind)
      : cluster_(cluster),
        kind_(kind),
        view_(kind),
        watch_(cluster.cluster_, cluster.loop_, members_query(kind), *this) {}

  void begin_anew(bool is_same_server) override {
    view_.begin_anew(is_same_server ? KindView::Trust::known : KindView::Trust::none);
  }

  Result<void> take(const WatchEvent& event) override {
    switch (event.kind) {
      case WatchEvent::Kind::present:
        if (const auto id = TRY(view_.take_present(event.object))) tell(*id, &event.object);
        return {};
      case WatchEvent::Kind::gone:
        if (const auto id = TRY(view_.take_gone(event.object, event.resource_version))) {
          tell(*id, nullptr);
        }
        return {};
      case WatchEvent::Kind::complete:
        for (const ResourceId& id : view_.complete(event.resource_version)) tell(id, nullptr);
        return {};
      case WatchEvent::Kind::begun:
      case WatchEvent::Kind::bookmark:
        return {};
    }
    return {};
  }

  void state_changed() override {
    if (cluster_.listener_.state_changed) cluster_.listener_.state_changed(kind_);
  }

  [[nodiscard]] const KindWatch& watch() const { return watch_; }
  [[nodiscard]] const KindView& view() const { return view_; }
  [[nodiscard]] KindView& view() { return view_; }
  void poke() { watch_.poke(); }

 private:
  void tell(const ResourceId& id, const Value* object) const {
    if (cluster_.listener_.changed) cluster_.listener_.changed(id, object);
  }

  LiveCluster& cluster_;
  GroupKind kind_;
  KindView view_;
  KindWatch watch_;  // last: it tells from its constructor on
};

// The parents of all ApplySets.
class LiveCluster::WatchedParents final : public WatchListener {
 public:
  explicit WatchedParents(LiveCluster& cluster)
      : cluster_(cluster), watch_(cluster.cluster_, cluster.loop_, parents_query(), *this) {}

  void begin_anew(bool /*is_same_server*/) override { fresh_.emplace(); }

  Result<void> take(const WatchEvent& event) override {
    if (event.kind == WatchEvent::Kind::complete) {
      view_ = std::exchange(fresh_, std::nullopt).value_or(ClusterView());
    } else {
      ClusterView& view = fresh_ ? *fresh_ : view_;
      forget_parent(view, event.object);
      if (event.kind == WatchEvent::Kind::present) add_parent(view, event.object);
    }
    if (!fresh_ && cluster_.listener_.parents_changed) cluster_.listener_.parents_changed();
    return {};
  }

  void state_changed() override {
    if (cluster_.listener_.state_changed) cluster_.listener_.state_changed(config_map_kind);
  }

  [[nodiscard]] const KindWatch& watch() const { return watch_; }
  [[nodiscard]] const ClusterView& view() const { return view_; }
  void poke() { watch_.poke(); }

 private:
  LiveCluster& cluster_;
  ClusterView view_;                  // parents and nothing else
  std::optional<ClusterView> fresh_;  // until all of them have been told
  KindWatch watch_;
};

// One that waits for a write of others to end; it leaves the list when it is cancelled.
class LiveCluster::Waiter {
 public:
  explicit Waiter(std::list<Waiter*>& waiters) : waiters_(&waiters) { waiters.push_back(this); }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() {
    if (waiters_ != nullptr) waiters_->remove(this);
  }

  [[nodiscard]] Completion<bool>& turn() { return turn_; }
  /// Its turn has come. May destroy it.
  void wake() {
    waiters_ = nullptr;
    turn_.complete(true);
  }

 private:
  std::list<Waiter*>* waiters_;
  Completion<bool> turn_;
};

LiveCluster::LiveCluster(ClusterWatch& cluster, EventLoop& loop) : cluster_(cluster), loop_(loop) {}

LiveCluster::~LiveCluster() = default;

void LiveCluster::want(const std::set<GroupKind>& kinds) {
  std::erase_if(kinds_, [&](const auto& entry) { return !kinds.contains(entry.first); });
  for (const auto& [kind, watched] : kinds_) watched->poke();
  for (const GroupKind& kind : kinds) {
    std::unique_ptr<WatchedKind>& watched = kinds_[kind];
    if (watched == nullptr) watched = std::make_unique<WatchedKind>(*this, kind);
  }
  if (parents_ == nullptr) {
    parents_ = std::make_unique<WatchedParents>(*this);
  } else {
    parents_->poke();
  }
}

const LiveCluster::WatchedKind* LiveCluster::watched(const GroupKind& kind) const {
  const auto found = kinds_.find(kind);
  return found == kinds_.end() ? nullptr : found->second.get();
}

bool LiveCluster::shows(const GroupKind& kind) const {
  const WatchedKind* known = watched(kind);
  return known != nullptr && known->watch().is_live();
}

bool LiveCluster::shows_parents() const {
  return parents_ != nullptr && parents_->watch().is_live();
}

const Error* LiveCluster::failure(const GroupKind& kind) const {
  const WatchedKind* known = watched(kind);
  return known == nullptr || !known->watch().failure() ? nullptr : &*known->watch().failure();
}

void LiveCluster::copy_to(const GroupKind& kind, std::map<ResourceId, LiveObject>& objects) const {
  if (const WatchedKind* known = watched(kind)) known->view().copy_to(objects);
}

void LiveCluster::copy_parents_to(ClusterView& view) const {
  if (parents_ == nullptr) return;
  view.parents = parents_->view().parents;
  view.foreign_parents = parents_->view().foreign_parents;
}

const LiveParent* LiveCluster::find_parent(const std::string& id) const {
  if (!shows_parents()) return nullptr;
  const auto found = parents_->view().parents.find(id);
  return found == parents_->view().parents.end() ? nullptr : &found->second;
}

std::map<KustomizationName, Pause> LiveCluster::pauses() const {
  std::map<KustomizationName, Pause> pauses;
  if (parents_ == nullptr) return pauses;
  for (const auto& [id, live] : parents_->view().parents) {
    if (live.parent.pause) pauses.emplace(live.parent.kustomization, *live.parent.pause);
  }
  return pauses;
}

const LiveObject* LiveCluster::find(const ResourceId& id) const {
  const WatchedKind* known = watched(id.group_kind());
  return known == nullptr ? nullptr : known->view().find(id);
}

void LiveCluster::note(const LiveObject& live) {
  const auto found = kinds_.find(live.id.group_kind());
  if (found != kinds_.end()) found->second->view().note(live);
}

Task<LiveCluster::Writing> LiveCluster::begin_writing(ResourceId id) {
  const auto [write, is_first] = writes_.try_emplace(id);
  if (!is_first) {
    Waiter waiter(write->second);
    Completion<bool>& turn = waiter.turn();
    co_await turn;
  }
  co_return Writing(this, std::move(id));
}

LiveCluster::Writing::~Writing() {
  if (cluster_ != nullptr) cluster_->end_writing(id_);
}

void LiveCluster::end_writing(const ResourceId& id) {
  const auto write = writes_.find(id);
  if (write == writes_.end()) return;
  if (!write->second.empty()) {
    Waiter* next = write->second.front();
    write->second.pop_front();
    return next->wake();
  }
  writes_.erase(write);
  // What was told meanwhile may have been more than the echo of the write.
  if (listener_.changed) listener_.changed(id, nullptr);
}

}  // namespace primocane
