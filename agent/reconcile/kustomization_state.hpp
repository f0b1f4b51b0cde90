// SPDX-License-Identifier: Apache-2.0
// KustomizationState: what the agent knows of one Kustomization from pass to pass. All of it can be
// lost: Git, the parents in the cluster and another rendering tell it again.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "flux/kustomization_spec.hpp"
#include "reconcile/unrenderable.hpp"
#include "report/kustomization_status.hpp"
#include "resource/desired.hpp"
#include "resource/health.hpp"
#include "resource/pause.hpp"
#include "resource/resource.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace primocane {

/// What a Kustomization desires, and of what it was made.
struct RenderedSet {
  Fingerprint key{};     ///< of all that went into the rendering
  std::string revision;  ///< of its source: "main@sha1:..."
  DesiredSet desired;    ///< the objects that are applied
  /// Of an older revision than was followed last, perhaps: it need not name all Kustomizations that
  /// were contained then.
  bool is_recalled = false;
  /// It never ran: what it contains is not followed yet.
  bool is_ahead = false;
  bool is_resolved = false;  ///< they have the namespaces that the server gives them
  /// Flux's objects among what was rendered: followed, never applied.
  std::vector<Resource> contained;
  std::vector<ResourceId> not_served;  ///< other kinds of Flux's
  std::vector<std::string> secrets;    ///< values of variables that nobody is shown
  std::set<ResourceId> of_releases;    ///< among `desired`: what `contained` HelmReleases came to
};

struct KustomizationState {
  KustomizationSpec spec;
  std::optional<Error> fault;  ///< why the spec can't be followed; `spec` is the last that could
  std::optional<KustomizationName> container;  ///< in whose rendering it lies; none: the root
  std::optional<RenderedSet> rendered;
  Unrenderable unrenderable;  ///< renderings of it that can't be made
  /// What it waits for and what was not current when that was last looked at.
  std::map<ResourceId, Health> unhealthy;
  /// The resourceVersions in which what watches show of it was last looked at, while it waits; ""
  /// where it was not there.
  std::map<ResourceId, std::string> health_versions;
  std::optional<SteadyTime> health_seen_at;  ///< when all it waits for was last looked at
  Fingerprint health_key{};                  ///< the rendering that was looked at
  /// When what it waits for counts as missed.
  SteadyTime health_deadline{};
  ReadyState readiness;
  std::optional<Pause> pause{};          ///< its own, where one is in force
  std::optional<Pause> pause_of_root{};  ///< the root's, which is everybody's
};

/// Whether it is left as it is: by what Git says, or by a pause.
[[nodiscard]] inline bool is_suspended(const KustomizationState& state) {
  return state.spec.is_suspended || state.pause || state.pause_of_root;
}

/// Whether the drift of `desired`, an object of that Kustomization, is told and not reverted.
[[nodiscard]] inline bool is_only_watched(const KustomizationState& state,
                                          const DesiredObject& desired) {
  return desired.drift.value_or(state.spec.drift) == DriftMode::detect;
}

/// All of them, by name.
using KustomizationStates = std::map<KustomizationName, KustomizationState>;

}  // namespace primocane
