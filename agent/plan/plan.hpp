// SPDX-License-Identifier: Apache-2.0
// Plan: what a pass will do, as data. make_plan decides everything from values: what Git desires,
// what the cluster shows, and what was last written; reconcile/ carries it out.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "plan/applied_index.hpp"
#include "plan/cluster_view.hpp"
#include "plan/prune.hpp"
#include "resource/apply_order.hpp"
#include "resource/desired.hpp"
#include "resource/resource_id.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

enum class Action : std::uint8_t {
  create,  ///< it does not exist
  change,  ///< Git desires something else than was last written
  revert,  ///< somebody changed, unlabelled or deleted it
  adopt,   ///< it exists, belongs to nobody, and becomes ours
  verify,  ///< ours, but what we last wrote is not known here: applied to be sure
  remove,  ///< it left Git
};

/// "create", "change", ...
[[nodiscard]] std::string_view to_string(Action action);

/// One thing to do to one object.
struct Change {
  ResourceId id;
  Action action = Action::create;
  std::string reason;  ///< for people
  KustomizationName kustomization;
  const DesiredObject* desired = nullptr;  ///< borrowed from the DesiredSet; null for remove
  std::string uid;                         ///< of the live object, "" if there is none
  std::string resource_version;            ///< of the live object
  std::optional<ApplyEntry> entry{};       ///< our entry in the live object
  std::string manager;                     ///< who else wrote the live object since we did
};

/// Changes that may run at the same time, in the order in which they should start.
struct Stage {
  StageKind kind = StageKind::objects;
  std::vector<Change> changes;
};

/// An object that can't be what Git desires, and why; the others go on.
struct Refusal {
  ResourceId id;
  Error error;

  bool operator==(const Refusal&) const = default;
};

/// A desired object that has to wait: it is being deleted and comes back when that is done.
struct Postponed {
  ResourceId id;
  std::string reason;

  bool operator==(const Postponed&) const = default;
};

struct Plan {
  std::vector<Stage> stages;  ///< without empty ones
  PrunePlan prune;
  std::vector<Refusal> refusals;
  std::vector<Postponed> postponed;
  std::uint64_t unchanged = 0;  ///< desired objects that are as Git says

  /// Nothing to write.
  [[nodiscard]] bool is_empty() const { return stages.empty() && prune.removals.empty(); }
};

/// What one Kustomization of the graph desires.
struct Desire {
  KustomizationName name;
  /// Null when neither this revision nor an earlier one could be rendered: then nothing at all is
  /// pruned.
  const DesiredSet* set = nullptr;
};

struct PlanInput {
  std::vector<Desire> desires;
  const ClusterView& view;
  const AppliedIndex& index;
  PruneSettings prune;
};

/// `invalid`, naming file and line, if `set` declares what is ours: the namespace primocane-system
/// or a ConfigMap in it.
[[nodiscard]] Result<void> refuse_what_is_ours(const DesiredSet& set);

/// A Job with a time to live, which may have finished and been removed: that it vanished is no
/// drift.
[[nodiscard]] bool may_have_expired(const DesiredObject& object);

/// Decides (docs/rules.md). `invalid` if two Kustomizations desire one object
/// (names both) or one declares what is ours.
[[nodiscard]] Result<Plan> make_plan(const PlanInput& input);

}  // namespace primocane
