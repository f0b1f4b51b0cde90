// SPDX-License-Identifier: Apache-2.0
// PackChild: the agent's end of a boxed child that works on packs.
#pragma once

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/task.hpp"
#include "source/git_remote.hpp"
#include "source/pack_work.hpp"

#include <memory>
#include <string>
#include <utility>

namespace primocane {

/// One request to one child. The bytes of a pack are held back while the child is busy, so that a
/// pack never lies in memory.
class PackChild final : public PackSink {
 public:
  /// Starts a child whose root is `spec`'s and hands it `request`.
  [[nodiscard]] static Result<std::unique_ptr<PackChild>> start(ChildProcesses& children,
                                                                BoxedSpec spec,
                                                                const PackRequest& request);

  /// Hands on bytes of the pack. `cancelled` when the child has stopped reading: finish() says why.
  Task<Result<void>> take(std::string bytes) override;

  /// Ends the input and waits for the answer. If the child ends without one, the error is that of
  /// describe_box_end().
  Task<Result<PackAnswer>> finish();

 private:
  PackChild(std::unique_ptr<ChildProcess> child, std::string first)
      : child_(std::move(child)), unsent_(std::move(first)) {}

  std::unique_ptr<ChildProcess> child_;
  std::string unsent_;  // the request, until the first bytes go
};

}  // namespace primocane
