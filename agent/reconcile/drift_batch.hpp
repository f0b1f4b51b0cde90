// SPDX-License-Identifier: Apache-2.0
// DriftBatch: some objects that may have drifted, with all that is needed to judge and to revert
// them. It has copies of what is desired of them: a pass may render anew meanwhile.
#pragma once

#include "base/clock.hpp"
#include "document/value.hpp"
#include "plan/plan.hpp"
#include "reconcile/live_cluster.hpp"
#include "reconcile/memory.hpp"
#include "reconcile/subject.hpp"
#include "resource/desired.hpp"
#include "resource/resource_id.hpp"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace primocane {

/// What is known of an object that may have drifted.
struct Suspect {
  SteadyTime seen_at{};
  Value metadata{};  ///< as it is now; null where it is gone, or not kept
};

using Suspects = std::map<ResourceId, Suspect>;

/// The Kustomization that desires an object as it was applied; null as applied_object() is.
[[nodiscard]] const KustomizationState* applying_state(const PassMemory& memory,
                                                       const ResourceId& id);

/// What is desired of an object that was applied as it is desired now, or null: then there is
/// nothing to revert. Null also where its Kustomization does not run.
[[nodiscard]] const DesiredObject* applied_object(const PassMemory& memory, const ResourceId& id);

class DriftBatch {
 public:
  /// Takes those of `suspects` that were applied as they are desired now.
  DriftBatch(const PassMemory& memory, const LiveCluster& live, Suspects suspects);
  DriftBatch(const DriftBatch&) = delete;
  DriftBatch& operator=(const DriftBatch&) = delete;
  ~DriftBatch() = default;

  /// Those that no watch shows: whether they exist has to be looked up.
  [[nodiscard]] std::set<ResourceId> absent() const;
  /// What is known of the cluster; what was looked up belongs here.
  [[nodiscard]] ClusterView& view() { return view_; }

  /// The reverts among what make_plan says, and what has drifted and is left so; nothing else is a
  /// correction's business. Borrows from this batch.
  [[nodiscard]] Plan plan(const AppliedIndex& index) const;

  /// Those of which `plan` says nothing.
  [[nodiscard]] std::vector<ResourceId> all_but(const Plan& plan) const;

  [[nodiscard]] const Subject& subject(const KustomizationName& name) const;
  [[nodiscard]] const Suspect* suspect(const ResourceId& id) const;
  [[nodiscard]] bool is_empty() const { return suspects_.empty(); }

 private:
  struct Part {
    Subject subject;
    DesiredSet set;
    Desire terms;  // but for the set
  };

  Suspects suspects_;
  ClusterView view_;
  std::map<KustomizationName, Part> parts_;
};

}  // namespace primocane
