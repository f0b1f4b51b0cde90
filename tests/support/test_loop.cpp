// SPDX-License-Identifier: Apache-2.0
#include "support/test_loop.hpp"

#include <algorithm>
#include <poll.h>
#include <stdexcept>
#include <vector>

namespace primocane {

namespace {

// How long peers on the loopback interface get before time jumps over them. Only tests that wait
// for a timeout with a connection open ever spend it.
constexpr int grace_for_peers_ms = 100;

}  // namespace

struct TestLoop::State {
  using TimerKey = std::pair<SteadyTime, std::uint64_t>;
  struct Watched {
    int descriptor;
    Readiness interest;
    std::shared_ptr<const std::function<void(Readiness)>> ready;
  };

  TestClock clock;
  std::uint64_t next_id = 0;
  std::deque<std::function<void()>> posted;
  std::map<TimerKey, std::function<void()>> timers;
  std::map<std::uint64_t, Watched> watched;
};

class TestLoop::Timer final : public Registration {
 public:
  Timer(std::shared_ptr<State> state, State::TimerKey key) : state_(std::move(state)), key_(key) {}
  ~Timer() override { state_->timers.erase(key_); }

 private:
  std::shared_ptr<State> state_;
  State::TimerKey key_;
};

class TestLoop::Watch final : public Registration {
 public:
  Watch(std::shared_ptr<State> state, std::uint64_t id) : state_(std::move(state)), id_(id) {}
  ~Watch() override { state_->watched.erase(id_); }

 private:
  std::shared_ptr<State> state_;
  std::uint64_t id_;
};

TestLoop::TestLoop() : state_(std::make_shared<State>()) {}

TestLoop::~TestLoop() = default;

const Clock& TestLoop::clock() const { return state_->clock; }

TestClock& TestLoop::test_clock() { return state_->clock; }

std::size_t TestLoop::pending() const { return state_->timers.size() + state_->posted.size(); }

std::size_t TestLoop::watched() const { return state_->watched.size(); }

std::unique_ptr<Registration> TestLoop::watch(int descriptor, Readiness interest,
                                              std::function<void(Readiness)> ready) {
  const std::uint64_t id = state_->next_id++;
  auto callback = std::make_shared<const std::function<void(Readiness)>>(std::move(ready));
  state_->watched.emplace(id, State::Watched{descriptor, interest, std::move(callback)});
  return std::make_unique<Watch>(state_, id);
}

std::unique_ptr<Registration> TestLoop::after(Duration delay, std::function<void()> elapsed) {
  const State::TimerKey key{state_->clock.now() + std::max(delay, Duration::zero()),
                            state_->next_id++};
  state_->timers.emplace(key, std::move(elapsed));
  return std::make_unique<Timer>(state_, key);
}

void TestLoop::post(std::function<void()> work) { state_->posted.push_back(std::move(work)); }

bool TestLoop::run_one_post() {
  if (state_->posted.empty()) return false;
  const std::function<void()> work = std::move(state_->posted.front());
  state_->posted.pop_front();
  work();
  return true;
}

bool TestLoop::run_ready(int grace_ms) {
  if (state_->watched.empty()) return false;
  std::vector<pollfd> polled;
  std::vector<std::uint64_t> ids;
  for (const auto& [id, entry] : state_->watched) {
    const int events =
        (entry.interest.readable ? POLLIN : 0) | (entry.interest.writable ? POLLOUT : 0);
    polled.push_back({entry.descriptor, static_cast<short>(events), 0});
    ids.push_back(id);
  }
  if (::poll(polled.data(), polled.size(), grace_ms) <= 0) return false;
  for (std::size_t i = 0; i < polled.size(); ++i) {
    if (polled[i].revents == 0) continue;
    const auto entry = state_->watched.find(ids[i]);
    if (entry == state_->watched.end()) continue;  // withdrawn by a callback before
    const bool broken = (polled[i].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    const Readiness readiness{.readable = broken || (polled[i].revents & POLLIN) != 0,
                              .writable = broken || (polled[i].revents & POLLOUT) != 0};
    const auto ready = entry->second.ready;  // the callback may withdraw itself
    (*ready)(readiness);
    if (is_stopped_) return true;
  }
  return true;
}

bool TestLoop::run_next_timer(SteadyTime until) {
  const auto next = state_->timers.begin();
  if (next == state_->timers.end() || next->first.first > until) return false;
  const SteadyTime due = next->first.first;
  if (due > state_->clock.now()) state_->clock.advance(due - state_->clock.now());
  const std::function<void()> elapsed = std::move(next->second);
  state_->timers.erase(next);
  elapsed();
  return true;
}

bool TestLoop::turn(SteadyTime until) {
  if (run_one_post() || run_ready(0)) return true;
  const bool is_timer_due =
      !state_->timers.empty() && state_->timers.begin()->first.first <= state_->clock.now();
  if (!is_timer_due && run_ready(grace_for_peers_ms)) return true;
  return run_next_timer(until);
}

void TestLoop::run() {
  is_stopped_ = false;
  while (!is_stopped_) {
    if (!turn(SteadyTime::max())) {
      throw std::logic_error("the test waits for something that can never happen");
    }
  }
}

void TestLoop::run_for(Duration duration) {
  const SteadyTime end = state_->clock.now() + duration;
  is_stopped_ = false;
  while (!is_stopped_ && turn(end)) {
  }
  if (state_->clock.now() < end) state_->clock.advance(end - state_->clock.now());
}

void TestLoop::run_until_idle() { run_for(Duration::zero()); }

}  // namespace primocane
