// SPDX-License-Identifier: Apache-2.0
#include "source/artifact_child.hpp"

#include "source/printable.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <utility>

namespace primocane {

namespace {

BoxedSpec box_of(const ArtifactJob& job) {
  BoxedSpec spec{.work = BoxedWork::unpack,
                 .root = job.folder,
                 .root_is_writable = false,
                 .limits = {},
                 .files = {}};
  if (job.file >= 0) spec.files.push_back(job.file);
  spec.limits.output = job.answer_max;
  spec.limits.cpu_time = job.time_max;
  spec.limits.wall_time = job.time_max;
  return spec;
}

Error artifact_error(const ChildExit& exit, const std::string& words) {
  if (exit.signal == 0 && exit.code == exit_wrong_artifact) {
    return {ErrorKind::invalid, printable(words, 500)};
  }
  return describe_box_end("the child that unpacks it", exit, printable(words),
                          "it may be too large");
}

}  // namespace

Task<Result<void>> run_artifact_job(ChildProcesses* children, ArtifactJob job, AnswerSink sink) {
  CO_TRY(const std::unique_ptr<ChildProcess> child, children->start_boxed(box_of(job)));
  std::string input = write_artifact_request(job.request) + "\n" + std::exchange(job.text, {});
  const Result<void> asked = co_await child->write(std::move(input));
  ignore(asked, "a child that does not read ends with a reason");
  child->close_input();
  std::uint64_t received = 0;
  while (true) {
    const Result<std::string> piece = co_await child->read();
    if (!piece) co_return std::unexpected(piece.error());
    if (piece->empty()) break;
    received += piece->size();
    if (ByteCount(received) > job.answer_max) {
      co_return fail(ErrorKind::invalid,
                     fmt::format("holds more than {}", to_string(job.answer_max)));
    }
    CO_CHECK(sink(*piece));
  }
  const ChildExit exit = co_await child->wait();
  if (!exit.is_success()) co_return std::unexpected(artifact_error(exit, child->error_output()));
  co_return Result<void>();
}

}  // namespace primocane
