// SPDX-License-Identifier: Apache-2.0
// Pauses: maintenance windows. They are kept in the parents of sets, so that another node or a
// fresh card knows them, and are begun and ended by passes alone, so that none runs meanwhile.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "cluster/cluster.hpp"
#include "reconcile/flux_watch.hpp"
#include "reconcile/kustomization_state.hpp"
#include "reconcile/memory.hpp"
#include "reconcile/observe.hpp"
#include "reconcile/pause_request.hpp"
#include "reconcile/turn.hpp"
#include "reconcile/voice.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

/// The one among `known` that a person calls `text`: NAME or NAMESPACE/NAME. `invalid`, with what
/// is known, where there is none or NAME has several.
[[nodiscard]] Result<KustomizationName> find_named(const std::set<KustomizationName>& known,
                                                   std::string_view text);

/// Puts `pauses` into the states of those for which they hold.
void mark_pauses(KustomizationStates& states, const std::map<KustomizationName, Pause>& pauses,
                 const KustomizationName& root);

/// When the next of `pauses` is over: a time of `clock` as it goes now.
[[nodiscard]] std::optional<SteadyTime> next_end(const std::map<KustomizationName, Pause>& pauses,
                                                 const Clock& clock);

/// One per pass. All borrowed. Writes nothing where Flux's own controllers run. What a person asks
/// for is done whosever turn it is; what is over is taken away by the first node.
class Pauses {
 public:
  Pauses(Cluster& cluster, ClusterSight& sight, PassMemory& memory, FluxWatch& flux, Voice& voice,
         const Turn* turn, const Clock& clock, std::vector<PauseRequest> requests)
      : cluster_(cluster),
        sight_(sight),
        memory_(memory),
        flux_(flux),
        voice_(voice),
        turn_(turn),
        clock_(clock),
        open_(std::move(requests)) {}

  [[nodiscard]] bool has_requests() const { return !open_.empty(); }

  /// Does what was asked for, each in turn. The parents are in sight.
  Task<void> carry_out(KustomizationName root);

  /// Takes pauses that are over out of the parents, which are in sight; the others are in the
  /// memory from now on. What has begun or ended is told.
  Task<void> take_up();

  /// To all that was asked for: what could not be carried out so far, because of `error`, never
  /// will be.
  [[nodiscard]] std::vector<AnsweredPause> answers(const Result<void>& passed);

 private:
  Task<void> bring_back(std::map<KustomizationName, Pause>& pauses);
  Task<Result<PauseAnswer>> carry_out_one(PauseRequest request, KustomizationName root);
  Task<Result<void>> suspend(KustomizationName name, Pause pause);
  Task<Result<void>> resume(KustomizationName name);
  Task<Result<void>> write(LiveParent parent);
  Task<Result<void>> end(LiveParent parent);
  Task<Result<void>> require_leave();
  Task<Result<LiveParent>> look_again(KustomizationName name);
  [[nodiscard]] LiveParent parent_of(const KustomizationName& name) const;
  [[nodiscard]] std::set<KustomizationName> known() const;
  [[nodiscard]] std::optional<Pause> in_force(const KustomizationName& name) const;

  Cluster& cluster_;
  ClusterSight& sight_;
  PassMemory& memory_;
  FluxWatch& flux_;
  Voice& voice_;
  const Turn* turn_;
  const Clock& clock_;
  std::vector<PauseRequest> open_;
  std::vector<AnsweredPause> answered_;
};

}  // namespace primocane
