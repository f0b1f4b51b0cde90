// SPDX-License-Identifier: Apache-2.0
#include "unit/host/conversation.hpp"

#include "base/task_group.hpp"

#include <utility>

namespace primocane {

namespace {

Task<void> write_all(ChildProcess* child, std::string input, Conversation* conversation) {
  const Result<void> written = co_await child->write(std::move(input));
  if (!written) conversation->write_error = written.error();
  child->close_input();
}

Task<void> read_all(ChildProcess* child, Conversation* conversation) {
  for (;;) {
    const Result<std::string> piece = co_await child->read();
    if (!piece) conversation->read_error = piece.error();
    if (!piece || piece->empty()) co_return;
    conversation->output += *piece;
  }
}

Task<Conversation> talk(ChildProcess* child, std::string input) {
  Conversation conversation;
  TaskGroup group(2);
  group.add(write_all(child, std::move(input), &conversation));
  group.add(read_all(child, &conversation));
  co_await group.wait();
  conversation.exit = co_await child->wait();
  conversation.errors = child->error_output();
  co_return conversation;
}

}  // namespace

Conversation converse(EventLoop& loop, ChildProcess& child, std::string input) {
  return run_until_done(loop, talk(&child, std::move(input)));
}

}  // namespace primocane
