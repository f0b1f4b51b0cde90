// SPDX-License-Identifier: Apache-2.0
// Agent: runs pass after pass, at the pauses that Schedule decides, on request at once, corrects
// drift between them, and keeps the Status.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"
#include "reconcile/drift_corrector.hpp"
#include "reconcile/explain.hpp"
#include "reconcile/memory.hpp"
#include "reconcile/pass.hpp"
#include "reconcile/schedule.hpp"
#include "report/status.hpp"

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace primocane {

struct AgentSettings {
  PassSettings pass;
  ScheduleSettings schedule;
  std::string version;  ///< of the agent
  std::string remote;   ///< URL without credentials
};

/// Random numbers in [0, 1), for jitter.
using Random = std::function<double()>;

/// Lives on the loop's thread. Destroying it ends a running pass at once; nothing needs to be
/// cleaned up.
class Agent {
 public:
  /// Called after each pass with the new status.
  using StatusSink = std::function<void(const Status&)>;

  Agent(PassParts parts, AgentSettings settings, Random random, StatusSink on_status);
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;
  ~Agent();

  /// Starts the first pass; returns at once.
  void start();

  /// Asks for a pass as soon as the running one (if any) has ended.
  void trigger();

  /// Runs a pass that begins after this call, and returns its report.
  Task<PassReport> reconcile(PassRequest request);

  /// Gives up what takes the most memory and can be had again, at the end of the running pass if
  /// there is one: what ready Kustomizations of the configured repository desire that contain no
  /// others. What drifts then is left to a pass, which renders it anew.
  void give_up_renderings();
  /// Where the objects come from that `query` means, and how they stand.
  [[nodiscard]] Result<Explained> explain(const ObjectQuery& query) const;

  [[nodiscard]] const Status& status() const { return status_; }

  /// When the running pass began; nothing between passes.
  [[nodiscard]] std::optional<SteadyTime> running_since() const { return running_since_; }

 private:
  // Somebody who waits for a pass of his own request.
  struct Waiter {
    PassRequest request;
    Completion<PassReport>* answer = nullptr;
    bool is_running = false;
  };

  // A kind that can't be watched, or could not.
  struct Unwatched {
    Error error;
    std::optional<SteadyTime> healed_at;
  };

  void listen();
  void want_pass();
  void note_revert();
  void note_drifted();
  void tell_status_soon();
  void look_at_parents();
  void watch_changed(const GroupKind& kind);
  void servers_changed();
  void want_look();
  void look_at_awaited(const ResourceId& id);
  void look_at_all_awaited();
  [[nodiscard]] Duration pause_after(const PassReport& report);
  void inputs_changed();
  void want_rendering();
  void note_rendering(SteadyTime now);
  void tell_unwatched_inputs();
  void run_next();
  void pass_ended(const PassReport& report);
  void update_status(const PassReport& report);
  [[nodiscard]] PassRequest merged_request();

  PassParts parts_;
  AgentSettings settings_;
  Random random_;
  StatusSink on_status_;
  PassMemory memory_;
  Schedule schedule_;
  Status status_;
  std::list<Waiter> waiters_;
  bool is_triggered_ = false;
  bool is_wanted_ = false;             // a pass, by the agent itself
  bool is_look_wanted_ = false;        // one at the health of what watches have told of
  bool is_look_ = false;               // the running pass is such a one
  bool have_awaited_changed_ = false;  // during the running pass
  bool has_failed_ = false;            // something, in the last pass
  SteadyTime due_{};                   // when the next pass is due that is no such look
  bool is_to_give_up_ = false;
  std::optional<SteadyTime> last_pass_end_;
  std::map<GroupKind, Unwatched> unwatched_;
  std::set<GroupKind> unwatched_inputs_;   // that were told
  bool have_inputs_changed_ = false;       // during the running pass
  std::optional<SteadyTime> rendered_at_;  // for what has changed in an input
  Duration rendering_pause_{};             // until the next such pass
  std::string unknown_servers_;            // why, as it was told
  std::vector<std::string> known_seniors_;
  std::unique_ptr<Registration> status_timer_;
  std::unique_ptr<DriftCorrector> corrector_;  // where the cluster is watched
  std::optional<SteadyTime> running_since_;
  std::unique_ptr<Registration> timer_;
  Job pass_;
};

}  // namespace primocane
