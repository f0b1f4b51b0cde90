// SPDX-License-Identifier: Apache-2.0
// Starting a process with pipes and nothing else of ours.
#pragma once

#include "base/error.hpp"
#include "base/unique_fd.hpp"

#include <string>
#include <sys/types.h>
#include <vector>

namespace primocane {

struct SpawnRequest {
  std::string executable;                ///< path; no search
  std::vector<std::string> arguments;    ///< with argv[0]
  std::vector<std::string> environment;  ///< all of it, "NAME=value"
  std::vector<int> descriptors;          ///< that it has from 3 on; borrowed
};

/// A started process. Our ends of its pipes do not block.
struct SpawnedProcess {
  pid_t pid = 0;
  UniqueFd process;  ///< pidfd: readable once it has ended
  UniqueFd input;    ///< writes to its standard input
  UniqueFd output;   ///< reads its standard output
  UniqueFd errors;   ///< reads its standard error
};

/// Starts a process that leads a process group of its own, has three descriptors
/// and those of `request`, default signal
/// handling, and is killed when the calling thread ends. Blocks until its exec has happened (some
/// milliseconds). Errors name the executable: `denied` when it may not be executed, else
/// `unavailable`.
[[nodiscard]] Result<SpawnedProcess> spawn(const SpawnRequest& request);

}  // namespace primocane
