// SPDX-License-Identifier: Apache-2.0
// GraphRun: runs the Kustomizations of the graph, wave after wave: asks their sources, renders them
// and applies what they desire.
#pragma once

#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "reconcile/claims.hpp"
#include "reconcile/graph.hpp"
#include "reconcile/helm_releases.hpp"
#include "reconcile/memory.hpp"
#include "reconcile/observe.hpp"
#include "reconcile/recall.hpp"
#include "reconcile/renderings.hpp"
#include "reconcile/set_reconciler.hpp"
#include "reconcile/settlement.hpp"
#include "reconcile/sources.hpp"
#include "reconcile/voice.hpp"
#include "reconcile/wave_look.hpp"

#include <functional>
#include <map>
#include <set>
#include <vector>

namespace primocane {

/// What a pass has for the graph. All borrowed.
struct GraphRunParts {
  Cluster& cluster;
  EventLoop& loop;
  Sources& sources;
  ClusterSight& sight;
  PassMemory& memory;
  Renderings& renderings;
  HelmReleases& releases;
  SetReconciler& sets;
  Claims& claims;
  Settlement& settlement;
  Voice& voice;
};

/// One per pass.
class GraphRun {
 public:
  /// `before_writing` is called before the first object of a wave is written. With `is_asked_for`
  /// sources are asked whatever their interval.
  GraphRun(GraphRunParts parts, ConfiguredRepository repository, bool is_asked_for,
           std::function<void()> before_writing);

  /// Runs what may run, and again what may run then, until every Kustomization has or can't. `root`
  /// is rendered already. An error is one of the whole server.
  Task<Result<void>> run(KustomizationName root);

  /// What became of those that were applied.
  [[nodiscard]] const std::map<KustomizationName, SetWork>& works() const { return works_; }
  [[nodiscard]] const GraphContent& content() const { return content_; }

 private:
  Task<Result<void>> skip_suspended(std::vector<KustomizationName> names);
  Task<Result<void>> hold_back(std::vector<HeldBack> all);
  Task<Result<void>> recall(std::vector<KustomizationName> names);
  void take_up_content(const KustomizationName& root);
  Task<Result<void>> run_wave(std::vector<KustomizationState*> states);
  void forget_works(const std::vector<KustomizationState*>& states);
  Task<void> look_at(std::vector<KustomizationState*> states, Result<void>& looked);
  Task<void> apply(std::vector<SetWork*> works, std::vector<Desire> others, Result<void>& applied);
  Task<Result<void>> settle_all(std::vector<KustomizationName> names);
  Task<void> drop_claimed(std::vector<KustomizationState*>& states);
  void drop_unrendered(std::vector<KustomizationState*>& states);
  Task<void> ask_sources(std::vector<KustomizationState*> states);
  Task<void> ask_awaited_sources(std::vector<KustomizationName> names);
  Task<void> render_all(std::vector<KustomizationState*> states);
  Task<void> render(KustomizationState& state);
  [[nodiscard]] std::vector<SetWork*> works_of(const std::vector<KustomizationState*>& states);
  [[nodiscard]] std::set<KustomizationName> waiting_holders(
      const std::vector<KustomizationState*>& states) const;
  [[nodiscard]] std::vector<Desire> others_than(const std::vector<KustomizationState*>& states,
                                                const std::set<KustomizationName>& holders) const;
  [[nodiscard]] std::vector<KustomizationState*> states_of(
      const std::vector<KustomizationName>& names);

  GraphRunParts parts_;
  ConfiguredRepository repository_;
  bool is_asked_for_ = false;
  std::function<void()> before_writing_;
  WaveLook look_;
  Recall recall_;
  std::map<KustomizationName, SetWork> works_;
  GraphContent content_;
};

}  // namespace primocane
