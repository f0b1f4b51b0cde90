// SPDX-License-Identifier: Apache-2.0
// Voice: what a pass tells. Turns its steps into Events and the lines of its report, and keeps a
// problem that persists from being told at every pass.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "plan/plan.hpp"
#include "reconcile/apply.hpp"
#include "reconcile/fights.hpp"
#include "reconcile/kustomization_state.hpp"
#include "reconcile/memory.hpp"
#include "reconcile/release_state.hpp"
#include "reconcile/subject.hpp"
#include "report/event.hpp"
#include "resource/pause.hpp"
#include "source/revision.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace primocane {

struct PassReport;

/// "commit 0123456789ab".
[[nodiscard]] std::string commit_words(const CommitId& commit);

class Voice {
 public:
  /// All borrowed; `report` gets the problems and the worst kind of error.
  Voice(EventSink& events, PassMemory& memory, PassReport& report);

  /// The root of the graph as it is now, of which all is told that has no other subject.
  void set_root(Subject root) { root_ = std::move(root); }

  void source_failed(const Error& error);
  /// What was found broken on disk, and what came of fetching it anew: why that failed is
  /// source_failed()'s to tell.
  void mirror_damaged(const std::string& damage, const Result<Revision>& updated);
  void revision(const Revision& revision);
  /// `revision` of its source, for people.
  void render_failed(const Subject& subject, std::string_view revision, const Error& error);
  void refused(const Subject& subject, const Refusal& refusal);
  /// What is kept and why, refused deletions, orphans.
  void tell_prune(const PrunePlan& prune);
  void outcome(const Subject& subject, const Outcome& outcome);
  /// A revert that changed something.
  void revert(const Subject& subject, const Outcome& outcome, const Opponent& opponent,
              WallTime now);
  /// An object that is left as somebody changed it.
  void drift(const Subject& subject, const Drifted& drifted);
  /// Somebody changes an object again and again.
  void fight(const ResourceId& id, const Opponent& opponent);
  /// An object of Flux's that nothing here acts upon.
  void not_served(const ResourceId& id);
  /// What is wrong with a HelmRelease, and which of its fields have no effect on what is deployed.
  void release(const ResourceId& id, const ReleaseState& release);
  /// Which pauses have begun or ended between two passes.
  void pauses(const std::map<KustomizationName, Pause>& before,
              const std::map<KustomizationName, Pause>& now);
  /// A person confirmed a list of deletions that is not the present one.
  void confirmation_unused();
  void prune_postponed(std::size_t removals);
  /// A step failed and the pass ends; `cancelled` when it has been told already.
  void stopped(const Error& error);
  /// A Kustomization can't go on in this pass; `cancelled` when it has been told already.
  void stuck(const Subject& subject, const Error& error);
  /// Something that is wrong, about `object` or, when that is "", about the whole.
  void problem(const std::string& object, const Error& error,
               EventKind kind = EventKind::pass_failed);
  void problem(const Subject& subject, const std::string& what, const Error& error, EventKind kind);
  /// The pass has ended: its summary, if there is news.
  void finish();

 private:
  void admission(const Subject& subject, const Outcome& outcome);
  [[nodiscard]] Event event(EventKind kind, Severity severity, std::string message) const;
  [[nodiscard]] static Event event(const Subject& subject, EventKind kind, Severity severity,
                                   std::string message);
  [[nodiscard]] std::string summary() const;
  /// True the first time since it was last absent.
  bool is_news(const std::string& key);
  void note_worst(ErrorKind kind);

  EventSink& events_;
  PassMemory& memory_;
  PassReport& report_;
  Subject root_;
  std::set<std::string> problems_;
  bool has_new_problem_ = false;
};

}  // namespace primocane
