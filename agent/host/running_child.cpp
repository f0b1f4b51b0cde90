// SPDX-License-Identifier: Apache-2.0
#include "host/running_child.hpp"

#include "base/os_error.hpp"
#include "base/wipe.hpp"
#include "host/wait_ready.hpp"

#include <fmt/format.h>

#include <array>
#include <cassert>
#include <cerrno>
#include <csignal>
#include <sys/wait.h>
#include <utility>

namespace primocane {

namespace {

constexpr std::size_t piece_max = 64 * 1024;

bool is_try_again() { return errno == EAGAIN || errno == EINTR; }

}  // namespace

// Points the child to the Completion of a wait() for as long as that is awaited.
class RunningChild::Waiting {
 public:
  Waiting(RunningChild& child, Completion<ChildExit>& completion) : child_(child) {
    assert(child_.waiting_ == nullptr);
    child_.waiting_ = &completion;
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  ~Waiting() { child_.waiting_ = nullptr; }

 private:
  RunningChild& child_;
};

RunningChild::RunningChild(EventLoop& loop, SpawnedProcess spawned, ChildBounds bounds,
                           std::shared_ptr<ChildReaper> reaper, std::function<void()> ended)
    : loop_(loop),
      spawned_(std::move(spawned)),
      bounds_(bounds),
      reaper_(std::move(reaper)),
      ended_(std::move(ended)) {
  exit_watch_ = loop_.watch(spawned_.process.get(), {.readable = true},
                            [this](Readiness /*readiness*/) { take_exit(); });
  errors_watch_ = loop_.watch(spawned_.errors.get(), {.readable = true},
                              [this](Readiness /*readiness*/) { take_errors(); });
  wall_timer_ = loop_.after(bounds_.wall_time, [this] {
    give_up(fmt::format("killed after {} s", bounds_.wall_time.count()));
  });
}

RunningChild::~RunningChild() {
  if (exit_) return;
  kill_group();
  exit_watch_.reset();  // one registration for a descriptor: the reaper watches it now
  reaper_->adopt(spawned_.pid, std::move(spawned_.process));
}

Task<Result<void>> RunningChild::write(std::string bytes) {
  std::size_t written = 0;
  while (written < bytes.size()) {
    if (!spawned_.input.is_open()) {
      co_return fail(ErrorKind::unavailable, "the child's input is closed");
    }
    const ssize_t count =
        ::write(spawned_.input.get(), bytes.data() + written, bytes.size() - written);
    if (count >= 0) {
      written += static_cast<std::size_t>(count);
      continue;
    }
    if (!is_try_again()) {
      co_return std::unexpected(os_error("writing to the child", errno));
    }
    co_await wait_until_ready(loop_, spawned_.input.get(), {.writable = true});
  }
  wipe(bytes);  // they may hold keys
  co_return {};
}

void RunningChild::close_input() { spawned_.input.reset(); }

Task<Result<std::string>> RunningChild::read() {
  std::string piece(piece_max, '\0');
  for (;;) {
    const ssize_t count = ::read(spawned_.output.get(), piece.data(), piece.size());
    if (count >= 0) {
      piece.resize(static_cast<std::size_t>(count));
      count_output(piece.size());
      if (has_written_too_much()) {
        co_return fail(ErrorKind::invalid,
                       fmt::format("the child wrote more than {}", to_string(*bounds_.output)));
      }
      co_return piece;
    }
    if (!is_try_again()) co_return std::unexpected(os_error("reading from the child", errno));
    co_await wait_until_ready(loop_, spawned_.output.get(), {.readable = true});
  }
}

Task<ChildExit> RunningChild::wait() {
  if (exit_) co_return *exit_;
  Completion<ChildExit> ended;
  const Waiting waiting(*this, ended);
  const ChildExit exit = co_await ended;
  co_return exit;
}

std::string RunningChild::error_output() const {
  std::string text = error_tail_.text();
  if (given_up_.empty()) return text;
  return text.empty() ? given_up_ : fmt::format("{}\n{}", text, given_up_);
}

// The group is killed before its leader is reaped: until then its number cannot be another's.
void RunningChild::take_exit() {
  siginfo_t info{};
  ChildExit exit{.code = 127, .signal = 0};  // if somebody else reaped it
  if (waitid(P_PID, static_cast<id_t>(spawned_.pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0) {
    if (info.si_pid == 0) return;
    kill_group();
    waitpid(spawned_.pid, nullptr, 0);
    exit = info.si_code == CLD_EXITED ? ChildExit{.code = info.si_status, .signal = 0}
                                      : ChildExit{.code = 0, .signal = info.si_status};
  }
  exit_ = exit;  // before the last words are taken: there is nobody to kill for them any more
  take_errors();
  exit_watch_.reset();
  errors_watch_.reset();
  wall_timer_.reset();
  if (ended_) std::exchange(ended_, nullptr)();
  if (waiting_ != nullptr) waiting_->complete(exit);  // may destroy this
}

// At most as much in one turn as a full pipe holds, so that a child that never stops to complain
// keeps nobody else waiting.
void RunningChild::take_errors() {
  std::array<char, piece_max> piece{};
  const ssize_t count = ::read(spawned_.errors.get(), piece.data(), piece.size());
  if (count < 0) return;
  if (count == 0) {
    errors_watch_.reset();
    return;
  }
  error_tail_.add(std::string_view(piece.data(), static_cast<std::size_t>(count)));
  count_output(static_cast<std::size_t>(count));
}

void RunningChild::count_output(std::size_t bytes) {
  output_seen_ += bytes;
  if (!has_written_too_much()) return;
  give_up(fmt::format("killed after writing more than {}", to_string(*bounds_.output)));
}

bool RunningChild::has_written_too_much() const {
  return bounds_.output && output_seen_ > bounds_.output->count();
}

void RunningChild::give_up(std::string why) {
  if (exit_ || !given_up_.empty()) return;
  given_up_ = std::move(why);
  kill_group();
}

void RunningChild::kill_group() const { kill(-spawned_.pid, SIGKILL); }

}  // namespace primocane
