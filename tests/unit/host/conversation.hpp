// SPDX-License-Identifier: Apache-2.0
// A whole conversation with a child, as tests have it.
#pragma once

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/event_loop.hpp"
#include "base/task.hpp"

#include <optional>
#include <string>

namespace primocane {

/// How a conversation went.
struct Conversation {
  std::string output;
  ChildExit exit;
  std::string errors;
  std::optional<Error> write_error;
  std::optional<Error> read_error;
};

/// Writes `input` and reads at the same time, until the child ends.
[[nodiscard]] Conversation converse(EventLoop& loop, ChildProcess& child, std::string input);

}  // namespace primocane
