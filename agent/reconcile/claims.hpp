// SPDX-License-Identifier: Apache-2.0
// Claims: a set whose parent another node wrote is taken back only for a commit that descends from
// the one which that node applied: of two nodes that follow one branch the one that is behind waits
// until it has fetched what the other one has.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "plan/cluster_view.hpp"
#include "reconcile/memory.hpp"
#include "reconcile/sources.hpp"
#include "reconcile/turn.hpp"
#include "source/repository.hpp"

#include <map>
#include <optional>
#include <utility>

namespace primocane {

/// One per pass. All borrowed; without `turn` no other node counts.
class Claims {
 public:
  Claims(Repository& repository, const Sources& sources, PassMemory& memory,
         const ClusterView& view, const Turn* turn, Rewrite rewrite)
      : repository_(repository),
        sources_(sources),
        memory_(memory),
        view_(view),
        turn_(turn),
        rewrite_(rewrite) {}

  /// The commit that this pass has fetched, whether or not it can be rendered.
  void set_fetched(CommitId commit) { fetched_ = std::move(commit); }

  /// Whether another node has applied something else of that Kustomization than it desires here.
  [[nodiscard]] bool is_others(const KustomizationState& state) const;

  /// Whether what `state` desires may take the place of what another node has applied, if one has.
  /// `denied` where its commit is not in the history of what is followed here, `unavailable` where
  /// nobody knows, `cancelled` where the branch has moved meanwhile: a new pass will see.
  Task<Result<void>> admit(const KustomizationState& state);

 private:
  [[nodiscard]] Result<void> admit_other_source(const KustomizationState& state) const;
  [[nodiscard]] Result<void> leave_to_first(const KustomizationState& state) const;
  Task<Result<void>> compare(CommitId other);

  Repository& repository_;
  const Sources& sources_;
  PassMemory& memory_;
  const ClusterView& view_;
  const Turn* turn_;
  Rewrite rewrite_;
  std::optional<CommitId> fetched_;
  std::map<CommitId, Result<void>> compared_;
};

}  // namespace primocane
