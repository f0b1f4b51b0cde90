// SPDX-License-Identifier: Apache-2.0
#include "host/epoll_loop.hpp"

#include "base/os_error.hpp"
#include "base/unique_fd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <limits>
#include <map>
#include <sys/epoll.h>
#include <unordered_map>
#include <utility>

namespace primocane {

// Callbacks are shared because one may withdraw its own registration while it runs.
struct EpollLoop::State {
  using TimerKey = std::pair<SteadyTime, std::uint64_t>;

  const Clock* clock = nullptr;
  UniqueFd epoll;
  std::uint64_t next_id = 0;
  bool is_stopped = false;
  std::deque<std::function<void()>> posted;
  std::map<TimerKey, std::function<void()>> timers;
  // By an id of its own, not by descriptor: an event that was fetched before a descriptor was
  // closed and opened again must not reach the new one.
  std::unordered_map<std::uint64_t, std::shared_ptr<const std::function<void(Readiness)>>> watches;
};

class EpollLoop::Watch final : public Registration {
 public:
  Watch(std::shared_ptr<State> state, std::uint64_t id, int descriptor)
      : state_(std::move(state)), id_(id), descriptor_(descriptor) {}
  ~Watch() override {
    state_->watches.erase(id_);
    epoll_ctl(state_->epoll.get(), EPOLL_CTL_DEL, descriptor_, nullptr);
  }

 private:
  std::shared_ptr<State> state_;
  std::uint64_t id_;
  int descriptor_;
};

class EpollLoop::Timer final : public Registration {
 public:
  Timer(std::shared_ptr<State> state, State::TimerKey key)
      : state_(std::move(state)), key_(std::move(key)) {}
  ~Timer() override { state_->timers.erase(key_); }

 private:
  std::shared_ptr<State> state_;
  State::TimerKey key_;
};

EpollLoop::EpollLoop(std::shared_ptr<State> state) : state_(std::move(state)) {}

EpollLoop::~EpollLoop() = default;

Result<std::unique_ptr<EpollLoop>> EpollLoop::make(const Clock& clock) {
  auto state = std::make_shared<State>();
  state->clock = &clock;
  state->epoll.reset(epoll_create1(EPOLL_CLOEXEC));
  if (!state->epoll.is_open()) {
    return std::unexpected(os_error("creating the event loop", errno));
  }
  return std::unique_ptr<EpollLoop>(new EpollLoop(std::move(state)));
}

const Clock& EpollLoop::clock() const { return *state_->clock; }

std::unique_ptr<Registration> EpollLoop::watch(int descriptor, Readiness interest,
                                               std::function<void(Readiness)> ready) {
  const std::uint64_t id = state_->next_id++;
  epoll_event event{};
  if (interest.readable) event.events |= EPOLLIN;
  if (interest.writable) event.events |= EPOLLOUT;
  event.data.u64 = id;
  if (epoll_ctl(state_->epoll.get(), EPOLL_CTL_ADD, descriptor, &event) != 0) {
    fmt::print(stderr, "watching descriptor {}: {}\n", descriptor, describe_errno(errno));
    std::abort();
  }
  state_->watches.emplace(id,
                          std::make_shared<const std::function<void(Readiness)>>(std::move(ready)));
  return std::make_unique<Watch>(state_, id, descriptor);
}

std::unique_ptr<Registration> EpollLoop::after(Duration delay, std::function<void()> elapsed) {
  const SteadyTime now = state_->clock->now();
  const Duration room = SteadyTime::max() - now;
  const State::TimerKey key{now + std::clamp(delay, Duration::zero(), room), state_->next_id++};
  state_->timers.emplace(key, std::move(elapsed));
  return std::make_unique<Timer>(state_, key);
}

void EpollLoop::post(std::function<void()> work) { state_->posted.push_back(std::move(work)); }

void EpollLoop::stop() { state_->is_stopped = true; }

void EpollLoop::run() {
  state_->is_stopped = false;
  while (!state_->is_stopped) {
    run_posted();
    if (!state_->is_stopped) run_due_timers();
    if (!state_->is_stopped) wait_and_run_ready();
  }
}

// What is posted meanwhile waits for the next turn, and after a stop the rest for the next run().
void EpollLoop::run_posted() {
  for (std::size_t left = state_->posted.size(); left > 0 && !state_->is_stopped; --left) {
    const std::function<void()> work = std::move(state_->posted.front());
    state_->posted.pop_front();
    work();
  }
}

// One reading of the clock, so that a timer that sets itself anew does not keep out descriptors.
void EpollLoop::run_due_timers() {
  const SteadyTime now = state_->clock->now();
  while (!state_->is_stopped && !state_->timers.empty()) {
    const auto next = state_->timers.begin();
    if (next->first.first > now) return;
    const std::function<void()> elapsed = std::move(next->second);
    state_->timers.erase(next);
    elapsed();
  }
}

// Whole milliseconds, rounded up. epoll_pwait2 has nanoseconds, but Linux 5.4 and qemu have no
// epoll_pwait2, and nothing here needs them.
void EpollLoop::wait_and_run_ready() {
  int timeout_ms = -1;
  if (!state_->posted.empty()) {
    timeout_ms = 0;
  } else if (!state_->timers.empty()) {
    const Duration left = Deadline(state_->timers.begin()->first.first).left(*state_->clock);
    const auto left_ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    constexpr std::int64_t longest_ms = std::numeric_limits<int>::max();
    timeout_ms = static_cast<int>(std::min<std::int64_t>(left_ms, longest_ms));
  }
  std::array<epoll_event, 64> events{};
  const int count =
      epoll_wait(state_->epoll.get(), events.data(), static_cast<int>(events.size()), timeout_ms);
  for (int i = 0; i < count; ++i) {
    if (state_->is_stopped) return;  // level-triggered: what is left is reported again
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    const auto watch = state_->watches.find(event.data.u64);
    if (watch == state_->watches.end()) continue;  // withdrawn by a callback before
    const bool is_broken = (event.events & (EPOLLERR | EPOLLHUP)) != 0;
    const Readiness readiness{.readable = is_broken || (event.events & EPOLLIN) != 0,
                              .writable = is_broken || (event.events & EPOLLOUT) != 0};
    const auto ready = watch->second;  // the callback may withdraw itself
    (*ready)(readiness);
  }
}

}  // namespace primocane
