// SPDX-License-Identifier: Apache-2.0
// Voice: what a pass tells. Turns its steps into Events and the lines of its report, and keeps a
// problem that persists from being told at every pass.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "plan/plan.hpp"
#include "reconcile/apply.hpp"
#include "reconcile/memory.hpp"
#include "report/event.hpp"
#include "source/revision.hpp"

#include <cstdint>
#include <set>
#include <string>

namespace primocane {

struct PassReport;

class Voice {
 public:
  /// All borrowed; `report` gets the problems and the worst kind of error.
  Voice(EventSink& events, PassMemory& memory, const KustomizationName& name, PassReport& report);

  void source_failed(const Error& error);
  /// What was found broken on disk, and what came of fetching it anew: why that failed is
  /// source_failed()'s to tell.
  void mirror_damaged(const std::string& damage, const Result<Revision>& updated);
  void revision(const Revision& revision);
  void render_failed(const Revision& revision, const Error& error);
  /// Refusals, what is kept and why, refused deletions, orphans.
  void tell_plan(const Plan& plan);
  void outcome(const Outcome& outcome);
  /// A person confirmed a list of deletions that is not the present one.
  void confirmation_unused();
  void prune_postponed(std::size_t removals);
  /// A step failed and the pass ends; `cancelled` when it has been told already.
  void stopped(const Error& error);
  /// Something that is wrong, about `object` or, when that is "", about the whole.
  void problem(const std::string& object, const Error& error,
               EventKind kind = EventKind::pass_failed);
  /// The pass has ended: its summary, if there is news.
  void finish();

 private:
  [[nodiscard]] Event event(EventKind kind, Severity severity, std::string message) const;
  [[nodiscard]] std::string summary() const;
  /// True the first time since it was last absent.
  bool is_news(const std::string& key);
  void note_worst(ErrorKind kind);
  void tell_prune(const PrunePlan& prune);

  EventSink& events_;
  PassMemory& memory_;
  const KustomizationName& name_;
  PassReport& report_;
  std::set<std::string> problems_;
  bool has_new_problem_ = false;
};

}  // namespace primocane
