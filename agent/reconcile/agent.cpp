// SPDX-License-Identifier: Apache-2.0
#include "reconcile/agent.hpp"

#include "resource/resource_version.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

namespace primocane {

namespace {

// Between passes that the agent wants by itself: what fails now may fail again.
constexpr Duration shortest_pause = std::chrono::seconds(1);

// Between passes for what renderings read in the cluster, where that goes on changing; and after
// how many such pauses without a change it has not.
constexpr Duration longest_rendering_pause = std::chrono::minutes(1);
constexpr int rendering_calm = 4;

// Between looks at health: an object is looked at twice a second at most.
constexpr Duration look_pause = std::chrono::milliseconds(500);

// A watch that fails again so soon after it was well has not been well.
constexpr Duration memory_of_failure = std::chrono::minutes(5);

// A hundred reverts in a row are told to whoever asks for the status, not one by one.
constexpr Duration status_pause = std::chrono::seconds(1);

}  // namespace

Agent::Agent(PassParts parts, AgentSettings settings, Random random, StatusSink on_status)
    : parts_(parts),
      settings_(std::move(settings)),
      random_(std::move(random)),
      on_status_(std::move(on_status)),
      schedule_(settings_.schedule) {
  status_.version = settings_.version;
  status_.remote = settings_.remote;
}

void Agent::start() {
  load_memory(memory_, parts_.store, parts_.events);
  if (memory_.applied) {
    status_.applied_revision = to_string(*memory_.applied);
    status_.committed_at = memory_.applied->committed_at;
  }
  listen();
  run_next();
}

Agent::~Agent() {
  if (parts_.live != nullptr) parts_.live->listen({});
  if (parts_.inputs != nullptr) parts_.inputs->listen({});
  if (parts_.turn != nullptr) parts_.turn->listen({});
}

void Agent::listen() {
  if (parts_.inputs != nullptr) parts_.inputs->listen([this] { inputs_changed(); });
  if (parts_.live == nullptr) return;
  corrector_ =
      std::make_unique<DriftCorrector>(CorrectorParts{.loop = parts_.loop,
                                                      .cluster = parts_.cluster,
                                                      .live = *parts_.live,
                                                      .memory = memory_,
                                                      .events = parts_.events,
                                                      .turn = parts_.turn,
                                                      .ask_for_pass = [this] { want_pass(); },
                                                      .reverted = [this] { note_revert(); },
                                                      .drifted = [this] { note_drifted(); }});
  parts_.live->listen({.changed =
                           [this](const ResourceId& id, const Value* object) {
                             corrector_->changed(id, object);
                             look_at_awaited(id);
                           },
                       .parents_changed =
                           [this] {
                             corrector_->look_at_pauses();
                             look_at_parents();
                           },
                       .state_changed = [this](const GroupKind& kind) { watch_changed(kind); }});
  if (parts_.turn != nullptr) parts_.turn->listen([this] { servers_changed(); });
}

// Soon, but not one after the other.
void Agent::want_pass() {
  if (std::exchange(is_wanted_, true) || running_since_) return;
  const SteadyTime now = parts_.loop.clock().now();
  const SteadyTime earliest = last_pass_end_ ? *last_pass_end_ + shortest_pause : now;
  timer_ = parts_.loop.after(std::max(earliest - now, Duration::zero()), [this] { run_next(); });
}

// At the health of what has changed, since somebody waits for it. What failed would be tried again
// with it: then passes come at their own pace.
void Agent::want_look() {
  if (has_failed_ || std::exchange(is_look_wanted_, true) || is_wanted_) return;
  const SteadyTime now = parts_.loop.clock().now();
  const SteadyTime earliest = last_pass_end_ ? *last_pass_end_ + look_pause : now;
  timer_ = parts_.loop.after(std::max(earliest - now, Duration::zero()), [this] { run_next(); });
}

// During a pass it may be known already.
void Agent::look_at_awaited(const ResourceId& id) {
  if (running_since_) {
    have_awaited_changed_ = true;
    return;
  }
  const SteadyTime now = parts_.loop.clock().now();
  if (is_awaited_news(memory_.kustomizations, *parts_.live, id, now)) want_look();
}

void Agent::look_at_all_awaited() {
  have_awaited_changed_ = running_since_.has_value();
  if (have_awaited_changed_) return;
  const SteadyTime now = parts_.loop.clock().now();
  if (has_awaited_news(memory_.kustomizations, *parts_.live, now)) want_look();
}

void Agent::note_revert() {
  const WallTime now = parts_.loop.clock().wall_now();
  ++status_.reverted;
  status_.last_reverted_at = now;
  status_.last_change_at = now;
  tell_status_soon();
}

void Agent::note_drifted() {
  status_.counts.drifted = memory_.drifted.size();
  tell_status_soon();
}

void Agent::tell_status_soon() {
  if (status_timer_ != nullptr) return;
  status_timer_ = parts_.loop.after(status_pause, [this] {
    status_timer_.reset();
    on_status_(status_);
  });
}

// Whether somebody else wrote or deleted a parent of ours. During a pass it is ourselves, mostly.
void Agent::look_at_parents() {
  if (running_since_ || !parts_.live->shows_parents()) return;
  ClusterView view;
  parts_.live->copy_parents_to(view);
  const bool is_ours = std::ranges::all_of(memory_.parent_versions, [&view](const auto& entry) {
    const auto live = view.parents.find(entry.first);
    return live != view.parents.end() &&
           (live->second.resource_version == entry.second ||
            is_older_version(live->second.resource_version, entry.second));
  });
  if (!is_ours) want_pass();
}

// An API server that is gone is a pass's to tell; a kind that can't be watched though others can is
// told here, once.
void Agent::watch_changed(const GroupKind& kind) {
  const Error* failure = parts_.live->failure(kind);
  const SteadyTime now = parts_.loop.clock().now();
  const auto known = unwatched_.find(kind);
  if (failure == nullptr) {
    corrector_->look_at(kind);
    look_at_parents();
    look_at_all_awaited();
    if (known == unwatched_.end() || known->second.healed_at) return;
    known->second.healed_at = now;
    return want_pass();
  }
  // What fails, heals and fails again is one and the same; and so are the words of one outage,
  // which differ in milliseconds for example.
  const bool is_outage = failure->kind == ErrorKind::unavailable;
  const bool is_known =
      known != unwatched_.end() && known->second.error.kind == failure->kind &&
      (is_outage ? !known->second.healed_at : known->second.error == *failure) &&
      (!known->second.healed_at || now - *known->second.healed_at < memory_of_failure);
  unwatched_.insert_or_assign(kind, Unwatched{.error = *failure, .healed_at = {}});
  if (is_known) return;
  if (is_outage) return want_pass();
  parts_.events.emit(
      {.kind = EventKind::watch_failed,
       .severity = Severity::warning,
       .message = fmt::format("{}: its drift is noticed at each pass only", failure->message),
       .object = to_string(kind)});
}

// What was left to a node that is not there any more is done now, or sooner.
void Agent::servers_changed() {
  std::vector<std::string> seniors = parts_.turn->seniors();
  if (seniors != known_seniors_) {
    known_seniors_ = std::move(seniors);
    want_pass();
    corrector_->wake();
  }
  const std::optional<Error>& failure = parts_.turn->failure();
  if (!failure || failure->kind == ErrorKind::unavailable) return;
  if (std::exchange(unknown_servers_, failure->message) == failure->message) return;
  parts_.events.emit(
      {.kind = EventKind::watch_failed,
       .severity = Severity::warning,
       .message = fmt::format("{}: this node acts as if it were the only server", failure->message),
       .object = "Node"});
}

// What comes during a pass may be what the pass itself wrote, or goes by already.
void Agent::inputs_changed() {
  have_inputs_changed_ = running_since_.has_value();
  if (have_inputs_changed_) return;
  tell_unwatched_inputs();
  if (parts_.inputs->has_news()) want_rendering();
}

// At once, but ever more rarely where one change follows the other: somebody's heartbeat, or a
// Kustomization that changes what it reads itself.
void Agent::want_rendering() {
  if (is_wanted_ || is_look_wanted_) return;  // which will do
  const SteadyTime now = parts_.loop.clock().now();
  const SteadyTime earliest = rendered_at_ ? *rendered_at_ + rendering_pause_ : now;
  if (earliest <= now) return want_pass();
  timer_ = parts_.loop.after(std::max(std::min(earliest, due_) - now, Duration::zero()),
                             [this] { run_next(); });
}

void Agent::note_rendering(SteadyTime now) {
  if (parts_.inputs == nullptr || !parts_.inputs->has_news()) return;
  const bool is_again = rendered_at_ && now - *rendered_at_ < rendering_calm * rendering_pause_;
  rendering_pause_ =
      is_again ? std::min(rendering_pause_ * 2, longest_rendering_pause) : shortest_pause;
  rendered_at_ = now;
}

// An API server that is gone is a pass's to tell.
void Agent::tell_unwatched_inputs() {
  for (const auto& [kind, failure] : parts_.inputs->failures()) {
    if (!unwatched_inputs_.insert(kind).second) continue;
    parts_.events.emit({.kind = EventKind::watch_failed,
                        .severity = Severity::warning,
                        .message = fmt::format("{}: that one which Kustomizations read has changed "
                                               "is noticed at each pass only",
                                               failure.message),
                        .object = to_string(kind)});
  }
}

void Agent::give_up_renderings() {
  is_to_give_up_ = running_since_.has_value();
  if (is_to_give_up_) return;
  for (auto& [name, state] : memory_.kustomizations) {
    const bool can_be_had_again = state.rendered && state.rendered->contained.empty() &&
                                  state.readiness.ready == Ready::yes &&
                                  parts_.sources.is_configured(state.spec.source);
    if (can_be_had_again) state.rendered.reset();
  }
  memory_.are_renderings_given_up = true;
}

void Agent::trigger() {
  is_triggered_ = true;
  if (running_since_) return;
  timer_ = parts_.loop.after(Duration::zero(), [this] { run_next(); });
}

Task<PassReport> Agent::reconcile(PassRequest request) {
  Completion<PassReport> answer;
  const auto waiter =
      waiters_.insert(waiters_.end(), Waiter{.request = std::move(request), .answer = &answer});
  // Whoever stops waiting withdraws what was asked for.
  struct Withdrawal {
    std::list<Waiter>& waiters;
    std::list<Waiter>::iterator waiter;
    ~Withdrawal() { waiters.erase(waiter); }
  };
  const Withdrawal withdrawal{waiters_, waiter};
  trigger();
  PassReport report = co_await answer;
  co_return report;
}

void Agent::run_next() {
  if (running_since_) return;
  timer_.reset();
  const bool is_wanted = std::exchange(is_wanted_, false);
  const bool is_asked_for = std::exchange(is_triggered_, false);
  running_since_ = parts_.loop.clock().now();
  note_rendering(*running_since_);
  is_look_ = std::exchange(is_look_wanted_, false) && !is_wanted && !is_asked_for &&
             *running_since_ < due_;
  PassRequest request = merged_request();
  request.is_asked_for = is_asked_for;
  if (is_look_) request.look = HealthLook::news;
  pass_ = Job::start<PassReport>(
      run_pass(parts_, settings_.pass, memory_, std::move(request)),
      // Posted, because what follows may start the next pass, whose frame replaces this one.
      [this](PassReport report) {
        parts_.loop.post([this, report = std::move(report)] { pass_ended(report); });
      });
}

Result<Explained> Agent::explain(const ObjectQuery& query) const {
  if (memory_.are_renderings_given_up) {
    return fail(ErrorKind::unavailable,
                "memory is short, so that nothing is kept rendered between passes: ask again after "
                "primocane reconcile --wait");
  }
  return primocane::explain(query, {.memory = memory_,
                                    .live = parts_.live,
                                    .status = status_,
                                    .now = parts_.loop.clock().now()});
}

PassRequest Agent::merged_request() {
  PassRequest merged;
  for (Waiter& waiter : waiters_) {
    waiter.is_running = true;
    if (waiter.request.rewrite == Rewrite::accept) merged.rewrite = Rewrite::accept;
    if (!waiter.request.confirm_prune.empty()) merged.confirm_prune = waiter.request.confirm_prune;
    std::ranges::copy(waiter.request.pauses, std::back_inserter(merged.pauses));
  }
  return merged;
}

void Agent::pass_ended(const PassReport& report) {
  running_since_.reset();
  last_pass_end_ = parts_.loop.clock().now();
  update_status(report);
  on_status_(status_);
  // Answering resumes the waiters, who remove themselves from the list.
  std::list<Completion<PassReport>*> answers;
  for (Waiter& waiter : waiters_) {
    if (waiter.is_running) answers.push_back(std::exchange(waiter.answer, nullptr));
  }
  has_failed_ = report.worst.has_value();
  Duration pause = pause_after(report);
  due_ = *last_pass_end_ + pause;
  if (is_wanted_) pause = std::min(pause, shortest_pause);
  timer_ = parts_.loop.after(pause, [this] { run_next(); });
  if (corrector_ != nullptr) corrector_->look_at_all();
  if (parts_.live != nullptr && report.has_compared) look_at_parents();
  if (have_inputs_changed_) inputs_changed();
  if (have_awaited_changed_) look_at_all_awaited();
  if (is_to_give_up_) give_up_renderings();
  for (Completion<PassReport>* answer : answers) answer->complete(report);
}

// A look that has found nothing to do but to wait leaves the next pass where it was.
Duration Agent::pause_after(const PassReport& report) {
  if (is_triggered_) return Duration::zero();
  const SteadyTime now = parts_.loop.clock().now();
  const bool is_as_before = is_look_ && report.is_waiting && !report.worst && report.changes == 0;
  Duration pause =
      is_as_before ? due_ - now : schedule_.after_pass(report.worst, report.is_waiting, random_());
  if (report.next_due) pause = std::min(pause, *report.next_due - now);
  return std::max(pause, Duration::zero());
}

void Agent::update_status(const PassReport& report) {
  const WallTime now = parts_.loop.clock().wall_now();
  status_.state = report.problems.empty() ? AgentState::ready : AgentState::failing;
  if (report.fetched) status_.fetched_revision = to_string(*report.fetched);
  if (report.applied) {
    status_.applied_revision = to_string(*report.applied);
    status_.committed_at = report.applied->committed_at;
  }
  status_.last_pass_at = now;
  if (report.changes > 0) status_.last_change_at = now;
  status_.reverted += report.reverted;
  if (report.reverted > 0) status_.last_reverted_at = now;
  if (report.source_answered) status_.source_seen_at = now;
  if (report.has_compared) status_.counts = report.counts;
  status_.problems = report.problems;
  status_.kustomizations = report.kustomizations;
  status_.helm_releases = report.helm_releases;
}

}  // namespace primocane
