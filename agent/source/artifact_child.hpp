// SPDX-License-Identifier: Apache-2.0
// The agent's end of the boxed child of artifact_work.hpp.
#pragma once

#include "base/bytes.hpp"
#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/task.hpp"
#include "source/artifact_work.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace primocane {

/// One request to one child.
struct ArtifactJob {
  ArtifactRequest request;
  std::string text;    ///< behind the request
  std::string folder;  ///< any that is there: the child's root, in which it opens nothing
  int file = -1;       ///< borrowed: a plain file open for reading alone, or -1
  ByteCount answer_max;
  std::chrono::seconds time_max{120};
};

/// Takes the child's answer piece by piece.
using AnswerSink = std::function<Result<void>(std::string_view piece)>;

/// Runs `job` to its end. `invalid` for what the child has found wrong with what it was given, and
/// for what breaks it; what the sink has taken by then means nothing.
Task<Result<void>> run_artifact_job(ChildProcesses* children, ArtifactJob job, AnswerSink sink);

}  // namespace primocane
