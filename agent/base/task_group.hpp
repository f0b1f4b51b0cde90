// SPDX-License-Identifier: Apache-2.0
// Several Tasks at once: a group with a limit on how many run at the same time.
#pragma once

#include "base/task.hpp"

#include <cstddef>
#include <deque>
#include <list>

namespace primocane {

/// Runs Task<void>s concurrently on the loop's thread, at most `limit` at a time, started in the
/// order in which they were added. The limit may change while tasks run; at 0 none is started.
/// Destroying the group cancels all of them; no task of the group may do so itself.
class TaskGroup {
 public:
  explicit TaskGroup(std::size_t limit) : limit_(limit) {}
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;
  ~TaskGroup() = default;

  void add(Task<void> task);
  void set_limit(std::size_t limit);
  [[nodiscard]] std::size_t running() const { return running_; }

  /// Starts what was added and returns when all of it is done. Tasks may be added meanwhile. One
  /// wait at a time; cancelling it leaves what runs running and starts nothing more.
  Task<void> wait();

 private:
  class Waiting;
  struct Slot {
    Job job;
    bool is_done = false;
  };
  using Slots = std::list<Slot>;

  [[nodiscard]] bool is_idle() const { return running_ == 0 && queued_.empty(); }
  void start_more();
  void wake_if_idle();
  void finished(Slots::iterator slot);

  std::size_t limit_;
  std::size_t running_ = 0;
  bool starting_ = false;
  std::deque<Task<void>> queued_;
  Slots slots_;
  Completion<bool>* idle_ = nullptr;
};

}  // namespace primocane
