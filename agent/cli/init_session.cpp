// SPDX-License-Identifier: Apache-2.0
#include "cli/init_session.hpp"

#include <csignal>
#include <optional>
#include <utility>

namespace primocane {

Result<std::unique_ptr<InitSession>> InitSession::start() {
  std::unique_ptr<InitSession> session(new InitSession);
  session->loop_ = TRY(EpollLoop::make(session->clock_));
  const auto leave = [left = session.get()] {
    left->is_left_ = true;
    left->loop_->stop();
  };
  session->signals_ =
      TRY(SignalWatch::make(*session->loop_, {{SIGINT, leave}, {SIGTERM, leave}, {SIGHUP, leave}}));
  return session;
}

Result<std::string> InitSession::run(Task<Result<std::string>> task) {
  std::optional<Result<std::string>> result;
  const Job job = Job::start<Result<std::string>>(std::move(task), [&](Result<std::string> value) {
    result.emplace(std::move(value));
    loop_->stop();
  });
  if (!result && !is_left_) loop_->run();
  if (result && !is_left_) return std::move(*result);
  return fail(ErrorKind::cancelled, "interrupted");
}

Result<void> InitSession::wait_readable(int descriptor) {
  bool is_readable = false;
  const std::unique_ptr<Registration> watch =
      loop_->watch(descriptor, {.readable = true}, [&](Readiness /*readiness*/) {
        is_readable = true;
        loop_->stop();
      });
  if (!is_left_) loop_->run();
  if (is_readable && !is_left_) return {};
  return fail(ErrorKind::cancelled, "interrupted");
}

}  // namespace primocane
