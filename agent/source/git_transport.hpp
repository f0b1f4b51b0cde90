// SPDX-License-Identifier: Apache-2.0
// GitTransport: how messages reach a remote's git-upload-pack and its answers come back. HTTPS
// forgets everything between two messages, SSH holds one conversation.
#pragma once

#include "base/error.hpp"
#include "base/task.hpp"

#include <memory>
#include <string>

namespace primocane {

/// What a server says, as it arrives. Nothing is fetched ahead of the reader but a few pieces.
/// Destroying it stops the transfer.
class GitStream {
 public:
  virtual ~GitStream() = default;

  /// The next piece; empty at the end. `unavailable` when the connection is cut or stalls,
  /// `denied` when the server refuses us.
  virtual Task<Result<std::string>> read() = 0;
  /// Whether there was an answer at all, be it an error.
  [[nodiscard]] virtual bool was_answered() const = 0;
};

/// Belongs to one remote. One message at a time: a stream is read to its end, or destroyed, before
/// the next one is asked for, and never outlives its transport.
class GitTransport {
 public:
  virtual ~GitTransport() = default;

  /// Whether a conversation must begin with greet() and remembers what was said.
  [[nodiscard]] virtual bool is_stateful() const = 0;
  /// What the server says first; begins a new conversation.
  virtual Task<Result<std::unique_ptr<GitStream>>> greet() = 0;
  /// Sends a message and gives its answer.
  virtual Task<Result<std::unique_ptr<GitStream>>> ask(std::string message) = 0;
  /// Ends the conversation in good order, if there is one.
  virtual Task<void> leave() = 0;
};

}  // namespace primocane
