// SPDX-License-Identifier: Apache-2.0
#include "source/pack_child.hpp"

#include "source/printable.hpp"

#include <utility>

namespace primocane {

namespace {

constexpr std::size_t answer_max = 192UL * 1024;

Error ended_without_answer(const ChildExit& exit, const std::string& words) {
  return describe_box_end("the child that works on packs", exit, printable(words),
                          "the pack may exceed git.limits.*");
}

}  // namespace

Result<std::unique_ptr<PackChild>> PackChild::start(ChildProcesses& children, BoxedSpec spec,
                                                    const PackRequest& request) {
  std::unique_ptr<ChildProcess> child = TRY(children.start_boxed(std::move(spec)));
  return std::unique_ptr<PackChild>(
      new PackChild(std::move(child), write_pack_request(request) + "\n"));
}

Task<Result<void>> PackChild::take(std::string bytes) {
  auto written = co_await child_->write(std::exchange(unsent_, {}) + std::move(bytes));
  if (!written) co_return fail(ErrorKind::cancelled, "the child no longer takes the pack");
  co_return Result<void>();
}

Task<Result<PackAnswer>> PackChild::finish() {
  if (!unsent_.empty()) {
    auto written = co_await child_->write(std::exchange(unsent_, {}));
    ignore(written, "a child that does not read ends with a reason");
  }
  child_->close_input();
  std::string answer;
  while (true) {
    auto piece = co_await child_->read();
    if (!piece || piece->empty()) break;
    answer += *piece;
    if (answer.size() > answer_max) {
      co_return fail(ErrorKind::invalid, "the child that works on packs says too much");
    }
  }
  const ChildExit exit = co_await child_->wait();
  if (!exit.is_success() || !answer.ends_with('\n')) {
    co_return std::unexpected(ended_without_answer(exit, child_->error_output()));
  }
  answer.pop_back();
  co_return read_pack_answer(answer);
}

}  // namespace primocane
