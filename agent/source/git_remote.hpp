// SPDX-License-Identifier: Apache-2.0
// GitRemote: what is asked of a server, whichever protocol it speaks and however it is reached.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "source/fetch_request.hpp"
#include "source/git_greeting.hpp"
#include "source/git_transport.hpp"
#include "source/remote_refs.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace primocane {

/// What is known about a server from earlier conversations. A wrong memory costs a request.
struct ServerMemory {
  std::optional<GitDialect> dialect;
  std::optional<GitCapabilities> capabilities;
};

/// Takes a pack's bytes. While it waits the server is held back.
class PackSink {
 public:
  virtual ~PackSink() = default;
  virtual Task<Result<void>> take(std::string bytes) = 0;
};

/// One visit to a server: perhaps refs(), perhaps some fetch(), at the end leave().
class GitRemote {
 public:
  /// Both are borrowed and outlive the visit.
  GitRemote(GitTransport& transport, ServerMemory& memory)
      : transport_(transport), memory_(memory) {}

  /// The refs of these full names, and all below those that end in "/"; what does not exist is
  /// missing. `unavailable`, `denied` and `invalid` as the transport and the server say.
  Task<Result<RemoteRefs>> refs(std::vector<std::string> names);

  /// What the server can do.
  Task<Result<GitCapabilities>> capabilities();

  /// Fetches a pack into `sink` (borrowed) and returns the commits whose parents are not in it. An
  /// error of the sink ends the transfer and is returned. `conflict` if the server no longer has
  /// what is wanted. Only the first of a visit goes on with the conversation that refs() began.
  Task<Result<std::vector<CommitId>>> fetch(FetchRequest request, PackSink* sink);

  /// Ends the visit in good order; without it the server may note a broken connection.
  Task<void> leave();

 private:
  struct RefsAttempt {
    Result<RemoteRefs> refs;
    bool was_answered = false;
  };

  Task<Result<RemoteRefs>> greet(std::vector<std::string> names);
  Task<RefsAttempt> ask_for_refs(std::vector<std::string> names);

  GitTransport& transport_;
  ServerMemory& memory_;
  bool is_greeted_ = false;  // a stateful conversation is open
  bool has_fetched_ = false;
};

}  // namespace primocane
