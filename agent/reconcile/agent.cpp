// SPDX-License-Identifier: Apache-2.0
#include "reconcile/agent.hpp"

#include <algorithm>
#include <utility>

namespace primocane {

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
  run_next();
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
  const bool is_asked_for = std::exchange(is_triggered_, false);
  running_since_ = parts_.loop.clock().now();
  PassRequest request = merged_request();
  request.is_asked_for = is_asked_for;
  pass_ = Job::start<PassReport>(
      run_pass(parts_, settings_.pass, memory_, std::move(request)),
      // Posted, because what follows may start the next pass, whose frame replaces this one.
      [this](PassReport report) {
        parts_.loop.post([this, report = std::move(report)] { pass_ended(report); });
      });
}

PassRequest Agent::merged_request() {
  PassRequest merged;
  for (Waiter& waiter : waiters_) {
    waiter.is_running = true;
    if (waiter.request.rewrite == Rewrite::accept) merged.rewrite = Rewrite::accept;
    if (!waiter.request.confirm_prune.empty()) merged.confirm_prune = waiter.request.confirm_prune;
  }
  return merged;
}

void Agent::pass_ended(const PassReport& report) {
  running_since_.reset();
  update_status(report);
  on_status_(status_);
  // Answering resumes the waiters, who remove themselves from the list.
  std::list<Completion<PassReport>*> answers;
  for (Waiter& waiter : waiters_) {
    if (waiter.is_running) answers.push_back(std::exchange(waiter.answer, nullptr));
  }
  Duration pause = is_triggered_ ? Duration::zero()
                                 : schedule_.after_pass(report.worst, report.is_waiting, random_());
  if (report.next_due) {
    const Duration until_due = *report.next_due - parts_.loop.clock().now();
    pause = std::min(pause, std::max(until_due, Duration::zero()));
  }
  timer_ = parts_.loop.after(pause, [this] { run_next(); });
  for (Completion<PassReport>* answer : answers) answer->complete(report);
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
