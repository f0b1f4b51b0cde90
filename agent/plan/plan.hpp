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
#include <map>
#include <optional>
#include <set>
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
  let_go,  ///< it left Git, and its set does not prune: it stays, and is nobody's
};

/// "create", "change", ...
[[nodiscard]] std::string_view to_string(Action action);

/// Why `action`, remove or let_go, is done: "left Git".
[[nodiscard]] std::string_view reason_to(Action action);

/// One thing to do to one object.
struct Change {
  ResourceId id;
  Action action = Action::create;
  std::string reason;  ///< for people
  KustomizationName kustomization;
  /// Borrowed from the DesiredSet; null for remove and let_go.
  const DesiredObject* desired = nullptr;
  std::string uid;                    ///< of the live object, "" if there is none
  std::string resource_version;       ///< of the live object
  std::optional<ApplyEntry> entry{};  ///< our entry in the live object
  std::string manager;                ///< who else wrote the live object since we did
  std::string manager_time{};         ///< when: RFC 3339, seconds
  /// The tool of a person whose fields of the live object are taken over first, or "".
  std::string tool{};
  bool may_take_over = true;  ///< the fields of such a tool, should there be one later
  bool may_recreate = false;  ///< deleted and made anew if the server calls the change immutable
  std::string user{};         ///< whose rights the request has, "" for our own
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
  KustomizationName kustomization{};

  bool operator==(const Refusal&) const = default;
};

/// A desired object that has to wait: it is being deleted and comes back when that is done.
struct Postponed {
  ResourceId id;
  std::string reason;

  bool operator==(const Postponed&) const = default;
};

/// An object that is not as Git says, and is left so because of DriftMode::detect.
struct Drifted {
  ResourceId id;
  std::string reason;   ///< for people
  std::string manager;  ///< who changed it, as far as that is known
  KustomizationName kustomization{};

  bool operator==(const Drifted&) const = default;
};

struct Plan {
  std::vector<Stage> stages;  ///< without empty ones
  std::vector<Refusal> refusals;
  std::vector<Postponed> postponed;
  std::vector<Drifted> drifted{};
  /// How many objects of each Kustomization are as Git says; those without any are left out.
  std::map<KustomizationName, std::uint64_t> unchanged;
  /// Those among them that annotations, in Git or in the cluster, leave to others.
  std::map<KustomizationName, std::set<ResourceId>> left_alone{};
};

/// What one Kustomization of the graph desires.
struct Desire {
  KustomizationName name;
  /// Null when neither this revision nor an earlier one could be rendered: then nothing at all is
  /// pruned.
  const DesiredSet* set = nullptr;
  /// False while it is not known yet whether it still desires this: a clash with it is no error
  /// yet.
  bool is_current = true;
  bool is_pruning = true;      ///< false: what left it in Git stays in the cluster
  bool loses_nothing = false;  ///< its members stay whatever they are: it does not run
  bool is_forcing = false;     ///< all its objects may be made anew
  /// Objects that belong to it though `set` does not hold them yet: they are not pruned.
  std::vector<ResourceId> expected{};
  std::string user{};                    ///< whose rights its requests have, "" for our own
  DriftMode drift = DriftMode::correct;  ///< of objects that do not say it themselves
};

struct PlanInput {
  std::vector<Desire> desires;
  /// What other Kustomizations of the graph desire; nothing is done about it now.
  std::vector<Desire> others{};
  const ClusterView& view;
  const AppliedIndex& index;
  /// Objects that somebody changes again and again: they are not reverted now.
  std::set<ResourceId> resting{};
};

/// `invalid`, naming file and line, if `set` declares what is ours: the namespace primocane-system
/// or a ConfigMap in it.
[[nodiscard]] Result<void> refuse_what_is_ours(const DesiredSet& set);

/// A Job with a time to live, which may have finished and been removed: that it vanished is no
/// drift.
[[nodiscard]] bool may_have_expired(const DesiredObject& object);

/// Decides (docs/rules.md) what to do about what `desires` desire. Of two Kustomizations that
/// desire one object the one that has it keeps it, else the first by name; to the other it is
/// refused, and the error names both.
[[nodiscard]] Plan make_plan(const PlanInput& input);

/// What may be deleted, given all Kustomizations of the graph: nothing at all while one of them has
/// no set.
[[nodiscard]] PrunePlan plan_prune_of(const std::vector<Desire>& desires, const ClusterView& view,
                                      const PruneSettings& settings);

}  // namespace primocane
