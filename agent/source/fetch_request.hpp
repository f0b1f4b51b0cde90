// SPDX-License-Identifier: Apache-2.0
// One fetch from a server, and its words in each dialect. Everything is said in one message that
// ends in "done": no negotiation, because we know what we have.
// Source: gitprotocol-v2(5) "fetch", gitprotocol-pack(5).
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "source/git_greeting.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace primocane {

enum class FetchContent : std::uint8_t {
  complete,      ///< commits with all that they hold
  commits_only,  ///< to see how commits descend; needs GitCapabilities::has_filter
};

struct FetchRequest {
  CommitId want;
  /// A tag object that leads to `want`, which is asked for in its place and comes along: many
  /// servers send only what they show.
  std::optional<CommitId> tag = std::nullopt;
  /// A commit that we have with all that it holds, but perhaps not its history. Servers make use of
  /// it only if it is found within `depth`.
  std::optional<CommitId> have;
  std::uint32_t depth = 1;  ///< commits from `want` on, 1 for it alone; needs has_shallow
  FetchContent content = FetchContent::complete;
};

/// The message, as the body of a POST or as written to git-upload-pack. `invalid` if the server is
/// too old for it.
[[nodiscard]] Result<std::string> fetch_message(const FetchRequest& request,
                                                const GitCapabilities& server);

}  // namespace primocane
