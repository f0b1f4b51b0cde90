// SPDX-License-Identifier: Apache-2.0
// RunningChild: a started process on the event loop.
#pragma once

#include "base/bytes.hpp"
#include "base/child_process.hpp"
#include "base/event_loop.hpp"
#include "host/child_reaper.hpp"
#include "host/error_tail.hpp"
#include "host/spawn.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace primocane {

/// What the parent enforces.
struct ChildBounds {
  std::chrono::seconds wall_time{120};  ///< its whole process group is killed then
  std::optional<ByteCount> output;      ///< standard output and error together
};

/// Standard output waits in the pipe until somebody reads it; standard error is taken at once and
/// only its end kept. One write, one read and one wait at a time; their Tasks end before the child
/// is destroyed. What the child started dies with it, unless it left the process group.
class RunningChild final : public ChildProcess {
 public:
  /// `ended` is called once when the process has ended, before any wait() returns.
  RunningChild(EventLoop& loop, SpawnedProcess spawned, ChildBounds bounds,
               std::shared_ptr<ChildReaper> reaper, std::function<void()> ended);
  ~RunningChild() override;

  Task<Result<void>> write(std::string bytes) override;
  void close_input() override;
  Task<Result<std::string>> read() override;
  Task<ChildExit> wait() override;
  [[nodiscard]] std::string error_output() const override;

 private:
  class Waiting;

  void take_exit();
  void take_errors();
  void give_up(std::string why);
  void count_output(std::size_t bytes);
  [[nodiscard]] bool has_written_too_much() const;
  void kill_group() const;

  EventLoop& loop_;
  SpawnedProcess spawned_;
  ChildBounds bounds_;
  std::shared_ptr<ChildReaper> reaper_;
  std::function<void()> ended_;
  std::uint64_t output_seen_ = 0;
  ErrorTail error_tail_;
  std::string given_up_;  // why we killed it
  std::optional<ChildExit> exit_;
  Completion<ChildExit>* waiting_ = nullptr;
  std::unique_ptr<Registration> exit_watch_;
  std::unique_ptr<Registration> errors_watch_;
  std::unique_ptr<Registration> wall_timer_;
};

}  // namespace primocane
