// SPDX-License-Identifier: Apache-2.0
#include "reconcile/voice.hpp"

#include "reconcile/drift_report.hpp"
#include "reconcile/pass.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace primocane {

namespace {

// Which of two kinds decides what the schedule does: the one that asks for the sooner look.
int urgency(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::conflict:
      return 4;
    case ErrorKind::unavailable:
      return 3;
    case ErrorKind::denied:
      return 2;
    case ErrorKind::invalid:
      return 1;
    case ErrorKind::cancelled:
      return 0;
  }
  return 0;
}

std::string past_tense(Action action) {
  switch (action) {
    case Action::create:
      return "created";
    case Action::change:
      return "changed";
    case Action::revert:
      return "reverted";
    case Action::adopt:
      return "adopted";
    case Action::verify:
      return "corrected";
    case Action::remove:
      return "deleted";
    case Action::let_go:
      return "let go";
  }
  return "changed";
}

EventKind event_kind_of(Action action) {
  if (action == Action::remove) return EventKind::object_pruned;
  return action == Action::let_go ? EventKind::object_kept : EventKind::object_applied;
}

}  // namespace

std::string commit_words(const CommitId& commit) {
  return fmt::format("commit {}", commit.abbreviated());
}

Voice::Voice(EventSink& events, PassMemory& memory, PassReport& report)
    : events_(events), memory_(memory), report_(report) {}

void Voice::source_failed(const Error& error) {
  const bool is_refused = error.kind == ErrorKind::denied;
  problem({}, error, is_refused ? EventKind::revision_refused : EventKind::source_unavailable);
}

// No problem of the report: what is fetched anew is whole again. Then it is told each time, because
// each time the storage has lost something; damage that stays is one and the same.
void Voice::mirror_damaged(const std::string& damage, const Result<Revision>& updated) {
  if (!updated && !is_news("damaged " + damage)) return;
  events_.emit(event(EventKind::mirror_damaged, Severity::warning,
                     updated ? damage + "; it was fetched anew" : damage));
}

void Voice::revision(const Revision& revision) {
  Event told =
      event(EventKind::revision_fetched, Severity::info,
            fmt::format("commit {} of {}", revision.commit.abbreviated(), revision.branch));
  told.revision = to_string(revision);
  events_.emit(told);
}

void Voice::render_failed(const Subject& subject, std::string_view revision, const Error& error) {
  problem(subject, {}, with_context(std::string(revision), error), EventKind::render_failed);
}

void Voice::refused(const Subject& subject, const Refusal& refusal) {
  problem(subject, to_string(refusal.id), refusal.error, EventKind::object_failed);
}

void Voice::tell_prune(const PrunePlan& prune) {
  for (const Kept& kept : prune.kept) {
    const std::string confirmation = kept.is_confirmable ? prune.confirmation : std::string();
    // Told anew when the list is another one, because the command that was told fits no longer.
    if (!is_news(fmt::format("kept {} {}", to_string(kept.id), confirmation))) continue;
    Event told = event(EventKind::object_kept, Severity::notice,
                       fmt::format("{} left Git and is kept: {}", to_string(kept.id), kept.reason));
    if (!confirmation.empty()) {
      told.message += fmt::format(" (primocane reconcile --confirm-prune {})", confirmation);
    }
    told.object = to_string(kept.id);
    told.action = "keep";
    events_.emit(told);
  }
  for (const ResourceId& id : prune.orphans) {
    if (!is_news(fmt::format("orphan {}", to_string(id)))) continue;
    Event told = event(
        EventKind::orphan_found, Severity::warning,
        fmt::format("{} is a member of a set that has no parent; it is left alone", to_string(id)));
    told.object = to_string(id);
    events_.emit(told);
  }
  if (prune.waits_for) {
    const std::string words = waiting_words(*prune.waits_for);
    if (is_news(words)) events_.emit(event(EventKind::object_kept, Severity::notice, words));
  }
  if (!prune.refusal) return;
  std::string list;
  for (const ResourceId& id : prune.refusal->removals) {
    list += list.empty() ? to_string(id) : ", " + to_string(id);
  }
  const std::string message = fmt::format(
      "nothing is deleted: {}: {}; to delete exactly these: primocane reconcile --confirm-prune {}",
      prune.refusal->reason, list, prune.refusal->hash);
  problem({}, {ErrorKind::denied, message}, EventKind::prune_refused);
}

void Voice::outcome(const Subject& subject, const Outcome& outcome) {
  const Change& change = *outcome.change;
  const std::string object = to_string(change.id);
  if (!outcome.live) {
    Error error = outcome.live.error();
    if (change.desired != nullptr) error = with_context(to_string(change.desired->origin), error);
    problem(subject, object, error, EventKind::object_failed);
    return;
  }
  Event told = event(subject, event_kind_of(change.action),
                     outcome.has_changed ? Severity::info : Severity::debug,
                     fmt::format("{} {}: {}", object, past_tense(change.action), change.reason));
  told.object = object;
  told.action = to_string(change.action);
  told.duration = outcome.duration;
  events_.emit(told);
  admission(subject, outcome);
}

void Voice::admission(const Subject& subject, const Outcome& outcome) {
  if (const auto told = admission_event(memory_.altered, subject, outcome)) events_.emit(*told);
}

void Voice::revert(const Subject& subject, const Outcome& outcome, const Opponent& opponent,
                   WallTime now) {
  events_.emit(revert_event(subject, outcome, opponent, drifted_for(outcome, now)));
  admission(subject, outcome);
}

void Voice::drift(const Subject& subject, const Drifted& drifted) {
  events_.emit(drift_event(subject, drifted, Value(), ItemNames::hidden));
}

void Voice::fight(const ResourceId& id, const Opponent& opponent) {
  problem(to_string(id), {ErrorKind::denied, describe_fight(opponent)}, EventKind::drift_fought);
}

void Voice::not_served(const ResourceId& id) {
  if (!is_news(fmt::format("not served {}", to_string(id)))) return;
  Event told = event(EventKind::object_not_served, Severity::notice,
                     fmt::format("{} is not served: nothing here acts upon a {}.{}", to_string(id),
                                 id.kind, id.group));
  told.object = to_string(id);
  events_.emit(told);
}

void Voice::release(const ResourceId& id, const ReleaseState& release) {
  if (release.failure && !release.is_held_back) {
    problem(to_string(id), *release.failure, EventKind::render_failed);
  } else if (!release.failure && release.health.status == HealthStatus::failed) {
    problem(to_string(id), {ErrorKind::invalid, release.health.message}, EventKind::object_failed);
  }
  std::string list;
  for (const std::string& field : release.ignored) {
    list += list.empty() ? field : fmt::format(", {}", field);
  }
  if (list.empty() || !is_news(fmt::format("ignored {} {}", to_string(id), list))) return;
  Event told =
      event(EventKind::object_not_served, Severity::notice,
            fmt::format("{} has fields that change nothing here: {}", to_string(id), list));
  told.object = to_string(id);
  events_.emit(told);
}

void Voice::pauses(const std::map<KustomizationName, Pause>& before,
                   const std::map<KustomizationName, Pause>& now) {
  const auto tell = [this](const KustomizationName& name, EventKind kind, std::string words) {
    Event told = event({.name = name, .revision = {}}, kind, Severity::notice,
                       fmt::format("Kustomization/{} is {}", to_string(name), words));
    if (name == root_.name) told.message += ", and all the others with it";
    events_.emit(told);
  };
  for (const auto& [name, pause] : now) {
    const auto known = before.find(name);
    if (known != before.end() && known->second == pause) continue;
    tell(name, EventKind::reconciliation_suspended,
         fmt::format("suspended {}", until_words(pause)));
  }
  for (const auto& [name, pause] : before) {
    if (!now.contains(name)) tell(name, EventKind::reconciliation_resumed, "resumed");
  }
}

void Voice::confirmation_unused() {
  problem({},
          {ErrorKind::invalid,
           "what was confirmed is not what waits to be deleted: nothing is deleted because of it"},
          EventKind::prune_refused);
}

void Voice::prune_postponed(std::size_t removals) {
  if (!is_news("prune postponed")) return;
  const std::string what = removals == 1 ? "1 object left Git; it is"
                                         : fmt::format("{} objects left Git; they are", removals);
  events_.emit(event(EventKind::object_kept, Severity::notice,
                     what + " deleted once everything that Git desires is applied"));
}

void Voice::stopped(const Error& error) {
  if (error.kind == ErrorKind::cancelled) return;
  const bool is_cluster = error.kind == ErrorKind::unavailable;
  problem({}, error, is_cluster ? EventKind::cluster_unavailable : EventKind::pass_failed);
}

void Voice::stuck(const Subject& subject, const Error& error) {
  if (error.kind == ErrorKind::cancelled) return;
  problem(subject, {}, error, EventKind::pass_failed);
}

void Voice::problem(const std::string& object, const Error& error, EventKind kind) {
  problem(root_, object, error, kind);
}

void Voice::problem(const Subject& subject, const std::string& what, const Error& error,
                    EventKind kind) {
  const std::string object = what.empty() && !subject.is_root
                                 ? fmt::format("Kustomization/{}", to_string(subject.name))
                                 : what;
  note_worst(error.kind);
  report_.problems.push_back({.object = object, .message = error.message});
  const std::string key =
      fmt::format("{} {} {} {}", to_string(kind), to_string(subject.name), object, error.message);
  if (!is_news(key)) return;
  has_new_problem_ = true;
  const Severity severity =
      error.kind == ErrorKind::unavailable ? Severity::warning : Severity::error;
  Event told = event(subject, kind, severity,
                     object.empty() ? error.message : fmt::format("{}: {}", object, error.message));
  told.object = object;
  events_.emit(told);
}

void Voice::finish() {
  const bool is_well_again = report_.problems.empty() && memory_.had_problems;
  memory_.had_problems = !report_.problems.empty();
  memory_.known_problems = std::move(problems_);
  const bool has_news = report_.changes > 0 || has_new_problem_ || is_well_again;
  Event told = event(EventKind::pass_idle, Severity::debug, "nothing to do");
  if (has_news) {
    told = event(report_.problems.empty() ? EventKind::pass_completed : EventKind::pass_failed,
                 report_.problems.empty() ? Severity::info : Severity::warning, summary());
  }
  told.duration = report_.duration;
  events_.emit(told);
}

std::string Voice::summary() const {
  if (!report_.has_compared) return "the pass ended before anything was compared";
  return fmt::format("{} of {} objects as Git says, {} changed, {} failed, {} kept",
                     report_.counts.applied, report_.counts.desired, report_.changes,
                     report_.counts.failed, report_.counts.kept);
}

Event Voice::event(EventKind kind, Severity severity, std::string message) const {
  return event(root_, kind, severity, std::move(message));
}

Event Voice::event(const Subject& subject, EventKind kind, Severity severity, std::string message) {
  Event told{.kind = kind,
             .severity = severity,
             .message = std::move(message),
             .kustomization = to_string(subject.name),
             .revision = subject.revision,
             .object = {},
             .action = {},
             .manager = {},
             .duration = {}};
  return told;
}

bool Voice::is_news(const std::string& key) {
  problems_.insert(key);
  return !memory_.known_problems.contains(key);
}

void Voice::note_worst(ErrorKind kind) {
  if (!report_.worst || urgency(kind) > urgency(*report_.worst)) report_.worst = kind;
}

}  // namespace primocane
