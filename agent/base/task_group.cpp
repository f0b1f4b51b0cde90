// SPDX-License-Identifier: Apache-2.0
#include "base/task_group.hpp"

namespace primocane {

// Makes `idle` what the end of the last task completes, for as long as wait() is awaited: a
// cancelled wait() leaves nothing behind that points into its frame.
class TaskGroup::Waiting {
 public:
  Waiting(TaskGroup& group, Completion<bool>& idle) : group_(group) {
    assert(group_.idle_ == nullptr);
    group_.idle_ = &idle;
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() { group_.idle_ = nullptr; }

 private:
  TaskGroup& group_;
};

void TaskGroup::add(Task<void> task) {
  queued_.push_back(std::move(task));
  if (idle_ == nullptr) return;
  start_more();
  wake_if_idle();
}

void TaskGroup::set_limit(std::size_t limit) {
  limit_ = limit;
  if (idle_ == nullptr) return;
  start_more();
  wake_if_idle();
}

Task<void> TaskGroup::wait() {
  Completion<bool> idle;
  const Waiting waiting(*this, idle);
  start_more();
  if (!is_idle()) co_await idle;
}

// A task may end while it is being started (nothing to wait for), and so may another one that it
// wakes; the flag turns that recursion into another turn of the loop.
void TaskGroup::start_more() {
  if (starting_) return;
  starting_ = true;
  while (running_ < limit_ && !queued_.empty()) {
    Task<void> next = std::move(queued_.front());
    queued_.pop_front();
    ++running_;
    const auto slot = slots_.emplace(slots_.end());
    slot->job = Job::start(std::move(next), [this, slot] { finished(slot); });
    std::erase_if(slots_, [](const Slot& other) { return other.is_done; });
  }
  starting_ = false;
}

// Completing may resume a coroutine that destroys the group: nothing is touched afterwards.
void TaskGroup::wake_if_idle() {
  if (starting_ || idle_ == nullptr || !is_idle()) return;
  std::exchange(idle_, nullptr)->complete(true);
}

void TaskGroup::finished(Slots::iterator slot) {
  slot->is_done = true;
  --running_;
  if (starting_) return;
  slots_.erase(slot);
  if (idle_ != nullptr) start_more();
  wake_if_idle();
}

}  // namespace primocane
