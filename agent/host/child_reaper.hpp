// SPDX-License-Identifier: Apache-2.0
// ChildReaper: waits for killed children that nobody waits for any more.
#pragma once

#include "base/event_loop.hpp"
#include "base/unique_fd.hpp"

#include <list>
#include <memory>
#include <sys/types.h>

namespace primocane {

/// Reaps abandoned children on the loop, because a killed process may need some time to give back
/// its memory. What is left when the reaper goes is waited for.
class ChildReaper {
 public:
  /// `loop` outlives the reaper.
  explicit ChildReaper(EventLoop& loop) : loop_(loop) {}
  ChildReaper(const ChildReaper&) = delete;
  ChildReaper& operator=(const ChildReaper&) = delete;
  ~ChildReaper();

  /// Takes over a process that was killed: its number and its pidfd.
  void adopt(pid_t pid, UniqueFd process);
  /// How many are not reaped yet.
  [[nodiscard]] std::size_t pending() const { return entries_.size(); }

 private:
  struct Entry {
    pid_t pid;
    UniqueFd process;
    std::unique_ptr<Registration> ended;
  };

  EventLoop& loop_;
  std::list<Entry> entries_;
};

}  // namespace primocane
