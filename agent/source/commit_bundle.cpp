// SPDX-License-Identifier: Apache-2.0
#include "source/commit_bundle.hpp"

#include "base/growing_file.hpp"
#include "source/printable.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t bundle_words_max = 500;

BoxedSpec bundle_box(const BundleJob& job) {
  BoxedSpec spec{.work = BoxedWork::index,
                 .root = job.root,
                 .root_is_writable = false,
                 .limits = {},
                 .files = job.files};
  constexpr std::uint64_t allowance = 1024ULL * 1024;  // for the parent to say it first
  spec.limits.output = ByteCount(job.size_max.count() + allowance);
  spec.limits.cpu_time = job.time_max;
  spec.limits.wall_time = job.time_max;
  return spec;
}

Error bundle_error(const ChildExit& exit, const std::string& words) {
  if (exit.signal == 0 && exit.code == exit_wrong_tree) {
    return {ErrorKind::invalid, printable(words, bundle_words_max)};
  }
  if (exit.signal == 0 && exit.code == EXIT_FAILURE) {
    return {ErrorKind::unavailable, "its files can't be read: " + printable(words)};
  }
  return describe_box_end("the child that reads its files", exit, printable(words),
                          "the repository may be too large");
}

}  // namespace

Task<Result<void>> take_bundle(ChildProcesses* children, BundleJob job, BundleSink sink) {
  CO_TRY(const std::unique_ptr<ChildProcess> child, children->start_boxed(bundle_box(job)));
  const Result<void> asked = co_await child->write(write_pack_request(job.request) + "\n");
  child->close_input();
  CO_CHECK(asked);
  std::uint64_t received = 0;
  while (true) {
    CO_TRY(const std::string piece, co_await child->read());
    if (piece.empty()) break;
    received += piece.size();
    if (received > job.size_max.count()) {
      co_return fail(ErrorKind::denied,
                     fmt::format("holds more than {} ({})", to_string(job.size_max), job.size_key));
    }
    CO_CHECK(sink(piece));
  }
  const ChildExit exit = co_await child->wait();
  if (!exit.is_success()) co_return std::unexpected(bundle_error(exit, child->error_output()));
  co_return Result<void>();
}

Task<Result<void>> write_bundle_of(ChildProcesses* children, BundleJob job, std::string path) {
  CO_TRY(GrowingFile file, GrowingFile::make(std::move(path)));
  BundleSink write = [&file](std::string_view piece) { return file.add(piece); };
  CO_CHECK(co_await take_bundle(children, std::move(job), std::move(write)));
  CO_CHECK(file.finish());
  co_return Result<void>();
}

}  // namespace primocane
