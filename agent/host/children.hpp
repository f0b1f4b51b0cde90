// SPDX-License-Identifier: Apache-2.0
// Children: starts the agent's children, boxed and unboxed.
#pragma once

#include "base/bytes.hpp"
#include "base/child_process.hpp"
#include "base/event_loop.hpp"
#include "host/box.hpp"
#include "host/child_reaper.hpp"
#include "host/spawn.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// How Children behaves.
struct ChildrenOptions {
  Boxing boxing = Boxing::required;
  BoxUser box_user;                           ///< of boxed children, when root starts them
  std::string executable = "/proc/self/exe";  ///< the program whose main calls run_if_boxed()
  std::optional<ByteCount> memory_max;        ///< no boxed child gets more, whatever is asked for
};

/// Starts children on the loop. Has no threads; lives on the loop's. It, and the loop, outlive its
/// children. The process must ignore SIGPIPE (ignore_broken_pipes()).
class Children final : public ChildProcesses {
 public:
  Children(EventLoop& loop, ChildrenOptions options);
  ~Children() override;

  /// What box can be had, tried once by a child that locks itself and ends (blocks some
  /// milliseconds, at most twenty seconds). `denied` where none can be had and one is required.
  /// Where none is required and the kernel says that there is one, that is the answer without a
  /// child, though the box may be stronger.
  [[nodiscard]] Result<BoxStrength> box();

  /// Contract: ChildProcesses. A writable root that was given to another user is this process's
  /// again, with all that was made in it, when the child has ended.
  Result<std::unique_ptr<ChildProcess>> start_boxed(BoxedSpec spec) override;
  /// Contract: ChildProcesses. `invalid` when PATH has no such program.
  Result<std::unique_ptr<ChildProcess>> start_program(ProgramSpec spec) override;

 private:
  [[nodiscard]] Result<SpawnedProcess> spawn_boxed(const BoxSetup& setup,
                                                   const std::vector<int>& files) const;

  EventLoop& loop_;
  ChildrenOptions options_;
  std::shared_ptr<ChildReaper> reaper_;
  std::optional<BoxStrength> strength_;
};

}  // namespace primocane
