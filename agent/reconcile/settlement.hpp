// SPDX-License-Identifier: Apache-2.0
// Settlement: what becomes of each Kustomization in a pass: ready, waiting for the health of what
// it applied or for others, or failed; and so what may run after it.
#pragma once

#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "reconcile/awaited_news.hpp"
#include "reconcile/health_checks.hpp"
#include "reconcile/live_cluster.hpp"
#include "reconcile/memory.hpp"
#include "reconcile/ordering.hpp"
#include "reconcile/set_reconciler.hpp"
#include "reconcile/sources.hpp"
#include "reconcile/voice.hpp"
#include "resource/health.hpp"

#include <optional>
#include <set>
#include <string_view>

namespace primocane {

/// One per pass. All borrowed.
class Settlement {
 public:
  /// `live` is null where nothing is watched.
  Settlement(Cluster& cluster, EventLoop& loop, PassMemory& memory, Sources& sources, Voice& voice,
             const LiveCluster* live = nullptr, HealthLook look = HealthLook::due)
      : cluster_(cluster),
        loop_(loop),
        memory_(memory),
        sources_(sources),
        voice_(voice),
        live_(live),
        look_(look) {}

  [[nodiscard]] const Progress& progress() const { return progress_; }
  /// Whether something is on its way.
  [[nodiscard]] bool is_waiting() const { return is_waiting_; }

  /// `name` runs: what it contains may run after it.
  void begin(const KustomizationName& name) { progress_.ran.insert(name); }
  /// It is not looked at in this pass.
  void skip(const KustomizationName& name) { progress_.done.insert(name); }
  void hold_back(const HeldBack& held);
  /// Another node has applied it, which stays: `error` says why.
  void leave(KustomizationState& state, const Error& error);
  /// Its newest can't be had, for Flux's `reason`; something older may be applied all the same.
  void note_failure(KustomizationState& state, std::string_view reason, const Error& error);
  /// It is suspended and `revision` of it was applied once, which is as ready as that counts: this
  /// agent has not seen it run.
  void remember(KustomizationState& state, std::string revision);
  /// It can be had after all.
  void recover(const KustomizationName& name) { failures_.erase(name); }
  void forget(const KustomizationName& name) { pending_.erase(name); }

  /// It was applied as `work` says. An error is one of the whole server.
  Task<Result<void>> settle(KustomizationState& state, const SetWork& work);

  /// Settles those that waited for Kustomizations which have run by now.
  void settle_pending();
  /// Settles those that still wait as they are; false if there are none.
  bool settle_the_rest();

  /// kustomize-controller's checkDependencies: whether what `dependency` names is ready for
  /// `dependant`.
  [[nodiscard]] Result<void> dependency_ready(const KustomizationState& dependant,
                                              const Dependency& dependency) const;

 private:
  Task<Result<void>> look_at_health(KustomizationState& state, const SetWork& work);
  void note_health(KustomizationState& state, const std::set<ResourceId>& looked_at,
                   FoundHealth found) const;
  [[nodiscard]] bool awaits_the_graph(const KustomizationState& state) const;
  [[nodiscard]] std::optional<Health> health_for(const KustomizationState& state,
                                                 const ResourceId& id) const;
  [[nodiscard]] std::optional<Value> flux_object(const ResourceId& id) const;
  [[nodiscard]] std::optional<Health> health_in_graph(const ResourceId& id) const;
  [[nodiscard]] std::optional<Health> health_of_source(const ResourceId& id) const;
  [[nodiscard]] bool stands_for(const KustomizationState& state, const ResourceId& id) const;
  void become_healthy(KustomizationState& state);

  Cluster& cluster_;
  EventLoop& loop_;
  PassMemory& memory_;
  Sources& sources_;
  Voice& voice_;
  const LiveCluster* live_;
  HealthLook look_;
  Progress progress_;
  std::set<KustomizationName> pending_;   // that wait for what they contain
  std::set<KustomizationName> failures_;  // of which the newest can't be had
  bool is_waiting_ = false;
};

}  // namespace primocane
