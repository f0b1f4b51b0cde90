// SPDX-License-Identifier: Apache-2.0
// Asks the running agent how it stands.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace primocane {

/// The agent's Status as JSON, over its control `socket`; blocks ten seconds at most. `unavailable`
/// where nobody listens, `invalid` for an answer that holds none; what a running agent refuses is
/// never `unavailable`.
[[nodiscard]] Result<Value> ask_agent(const std::string& socket);

/// How long an agent may take to say what it knows.
inline constexpr std::chrono::seconds answer_patience{10};
/// How long a pass may take: the fetch of a large repository and its first apply (docs/cli.md).
inline constexpr std::chrono::seconds pass_patience{3600};

/// The output of `method` of the agent's interface; blocks as long as `patience` allows.
/// `unavailable`, with how to start one, where nobody listens; what a running agent answers is told
/// in its words.
[[nodiscard]] Result<Value> call_agent(const std::string& socket, std::string_view method,
                                       Value parameters,
                                       std::chrono::seconds patience = answer_patience);

/// Asks the agent for a pass and waits for its report, as JSON; blocks as long as pass_patience
/// allows. Errors as those of ask_agent().
[[nodiscard]] Result<Value> ask_for_pass(const std::string& socket);

}  // namespace primocane
