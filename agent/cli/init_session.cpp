// SPDX-License-Identifier: Apache-2.0
#include "cli/init_session.hpp"

#include <csignal>

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
