// SPDX-License-Identifier: Apache-2.0
// PreviewedGraph: all Kustomizations of the graph, rendered and looked up in the cluster in the
// order of a pass, but none waits until another is ready, and nothing is written.
#pragma once

#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "plan/plan.hpp"
#include "reconcile/decryption_keys.hpp"
#include "reconcile/memory.hpp"
#include "reconcile/observe.hpp"
#include "reconcile/ordering.hpp"
#include "reconcile/pass.hpp"
#include "reconcile/planned_cluster.hpp"
#include "reconcile/renderer.hpp"
#include "reconcile/renderings.hpp"
#include "reconcile/root_rendering.hpp"
#include "reconcile/settlement.hpp"
#include "reconcile/sources.hpp"
#include "reconcile/voice.hpp"
#include "reconcile/wave_look.hpp"
#include "report/event.hpp"
#include "report/status.hpp"
#include "source/repository.hpp"

#include <vector>

namespace primocane {

/// What a preview reads, all borrowed. `sources` know already where the configured one stands.
struct PreviewParts {
  EventLoop& loop;
  Repository& repository;
  Renderer& renderer;
  Cluster& cluster;
  Sources& sources;
  DecryptionKeys& keys;
};

/// One per preview.
class PreviewedGraph {
 public:
  /// `settings` are borrowed.
  PreviewedGraph(PreviewParts parts, const PassSettings& settings);

  /// An error says why the root can't be rendered, or is one of the whole server; what is wrong
  /// with the others is in problems().
  Task<Result<void>> look();

  /// Values that no difference of an object of `name` shows, wherever they are.
  [[nodiscard]] std::vector<std::string> secrets_of(const KustomizationName& name) const;

  [[nodiscard]] ClusterSight& sight() { return sight_; }
  /// What the Kustomizations desire that a pass would apply.
  [[nodiscard]] std::vector<Desire> applied() const;
  /// Of the others: those that are suspended, and those that can't be rendered.
  [[nodiscard]] std::vector<Desire> resting() const;
  /// In the words of a pass.
  [[nodiscard]] const std::vector<Problem>& problems() const { return report_.problems; }

 private:
  // What is told is in the report.
  class Silence final : public EventSink {
    void emit(const Event&) override {}
  };

  Task<void> render_all();
  Task<void> render_wave(Wave wave);
  Task<void> render(KustomizationState& state);
  void note_tried(const KustomizationName& name);
  [[nodiscard]] std::vector<KustomizationState*> rendered();
  [[nodiscard]] std::vector<Desire> desires(bool is_applied) const;

  PreviewParts parts_;
  const PassSettings& settings_;
  PassMemory memory_;
  PassReport report_;
  Silence silence_;
  Voice voice_;
  ClusterSight sight_;
  PlannedCluster planned_;
  Renderings renderings_;
  Settlement settlement_;
  RootRendering root_;
  WaveLook look_;
};

}  // namespace primocane
