// SPDX-License-Identifier: Apache-2.0
// RootRendering: brings the rendering of the root, the folder that is configured, up to a revision;
// finds out what its set is called; and falls back to what is in force.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "reconcile/graph.hpp"
#include "reconcile/memory.hpp"
#include "reconcile/observe.hpp"
#include "reconcile/renderings.hpp"
#include "reconcile/settlement.hpp"
#include "reconcile/sources.hpp"
#include "reconcile/voice.hpp"
#include "source/repository.hpp"

#include <optional>

namespace primocane {

/// What is configured about the root.
struct RootSettings {
  KustomizationName name;  ///< unless the folder says another one
  RelativePath path;
  ConfiguredRepository repository;
};

/// One per pass. All borrowed.
class RootRendering {
 public:
  RootRendering(Repository& repository, Cluster& cluster, ClusterSight& sight, PassMemory& memory,
                Sources& sources, Renderings& renderings, Settlement& settlement, Voice& voice,
                RootSettings settings);

  /// Sees to it that there is a root, and that what is told without another subject is told of it.
  void begin();

  /// Leaves in the root's state what `revision` desires or, when it can't be rendered, what was
  /// desired last. An error that is `cancelled` has been told.
  Task<Result<void>> render(Revision revision);

  /// Leaves in the root's state what its source desires as it stands, named and built as the
  /// folder's own Kustomization says. An error leaves what was rendered before.
  Task<Result<void>> render_as_itself();

  /// The name of the root as far as it is known.
  [[nodiscard]] const KustomizationName& name() const;
  [[nodiscard]] KustomizationState& state() { return memory_.kustomizations[name()]; }

 private:
  Task<Result<std::optional<KustomizationSpec>>> refresh_and_find_own();
  template <typename T>
  [[nodiscard]] Result<T> refuse_unless(Result<T> said);
  Task<Result<void>> settle_name(std::optional<KustomizationSpec> own);
  Task<Result<Revision>> last_in_force();
  [[nodiscard]] KustomizationSpec plain() const;
  void note();

  Repository& repository_;
  Cluster& cluster_;
  ClusterSight& sight_;
  PassMemory& memory_;
  Sources& sources_;
  Renderings& renderings_;
  Settlement& settlement_;
  Voice& voice_;
  RootSettings settings_;
};

}  // namespace primocane
