// SPDX-License-Identifier: Apache-2.0
// Carrying out a plan: stages of server-side applies and then deletions, with as many requests in
// flight as help, and another try for objects that wait for something.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "base/task_group.hpp"
#include "cluster/cluster.hpp"
#include "plan/applied_index.hpp"
#include "plan/plan.hpp"
#include "reconcile/in_flight.hpp"
#include "reconcile/live_cluster.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// What became of one change.
struct Outcome {
  const Change* change = nullptr;  ///< borrowed from the plan
  /// After an apply; of a removal only whether the object is terminating. Or why there was none.
  Result<LiveObject> live;
  bool has_changed = true;  ///< false when the server found nothing to change
  Value fields{};           ///< of a revert: what we apply of the object, as fieldsV1
  /// Fields that the server holds otherwise than they were sent; nothing where that is not known.
  std::optional<std::vector<std::string>> altered{};
  Duration duration{};
};

/// Told about each outcome as it arrives.
using OutcomeSink = std::function<void(const Outcome&)>;

struct ApplySettings {
  /// How long after the last success an object that waits for something (its kind, namespace,
  /// ServiceAccount, a webhook) is tried again before it counts as failed.
  Duration patience = std::chrono::seconds(30);
};

/// What applies the desired object of `change`.
[[nodiscard]] ApplyRequest request_for(const Change& change);

/// Applies stages and keeps the index. One per pass. When the API server leaves several requests
/// in a row without an answer, no more are sent: each could take its whole time, and a pass hours.
class Applier {
 public:
  /// All borrowed. `live`, where there is one, is told what is written.
  Applier(Cluster& cluster, EventLoop& loop, InFlightLimit& in_flight, AppliedIndex& index,
          LiveCluster* live, ApplySettings settings, OutcomeSink sink);

  /// Has each change asked for once more when its turn has come: one that is not meant any more is
  /// dropped without an outcome.
  void require(std::function<bool(const Change&)> is_still_meant) {
    is_still_meant_ = std::move(is_still_meant);
  }

  /// Applies one stage and returns when each of its changes has an outcome. Failures are
  /// outcomes; nothing ends the stage early.
  Task<void> apply(const Stage& stage);

  /// Deletes in order, or lets go of what its action says so of. What meets a conflict is looked at
  /// again and goes on if the object is still the one that was meant. `still_meant` decides that
  /// from its present metadata.
  Task<void> remove(const std::vector<Change>& removals,
                    std::function<bool(const Change&, const LiveObject&)> still_meant);

 private:
  struct Attempt {
    const Change* change = nullptr;
    bool is_settled = false;
    Error error{};
  };

  /// What an apply left.
  struct Written {
    LiveObject live;
    bool is_untouched = false;  // because all that differs may
    Value fields{};             // Outcome::fields
    std::optional<std::vector<std::string>> altered{};
  };

  Task<void> apply_round(std::vector<Attempt>& attempts);
  Task<void> apply_one(Attempt& attempt, TaskGroup& group);
  Task<void> apply_alone(Attempt& attempt, TaskGroup& group);
  [[nodiscard]] bool is_reverted(const Change& change) const;
  Task<void> remove_one(const Change& change,
                        const std::function<bool(const Change&, const LiveObject&)>& still_meant);
  Task<void> remove_alone(const Change& change,
                          const std::function<bool(const Change&, const LiveObject&)>& still_meant);
  Task<Result<Removed>> part_with(const Change& change, std::string resource_version);
  Task<Result<Written>> apply_once(const Change& change);
  Task<Result<Written>> write(const Change& change);
  Task<Result<Written>> apply_around(const Change& change);
  Task<Result<bool>> is_settled(const Change& change, const Value& live, ApplyRequest request);
  Task<Result<Written>> recreate(const Change& change, Error refusal);
  void note_answer();
  [[nodiscard]] bool is_server_silent() const;
  [[nodiscard]] bool may_be_settled(const Change& change) const;
  void settle(const Change& change, Result<LiveObject> live, bool has_changed, SteadyTime began);
  void settle_written(const Change& change, Written written, SteadyTime began);

  Cluster& cluster_;
  EventLoop& loop_;
  InFlightLimit& in_flight_;
  AppliedIndex& index_;
  LiveCluster* live_;
  ApplySettings settings_;
  OutcomeSink sink_;
  std::function<bool(const Change&)> is_still_meant_;
  SteadyTime last_success_{};
  std::uint32_t unanswered_ = 0;  // requests in a row, up to the last one
};

}  // namespace primocane
