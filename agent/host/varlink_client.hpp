// SPDX-License-Identifier: Apache-2.0
// One call to a Varlink service, for commands that ask the running agent. Blocks.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"

#include <chrono>
#include <string>

namespace primocane {

/// What a service answers: output parameters, or its own error with its kind and message.
using VarlinkAnswer = Result<Value>;

/// Calls `method` ("dev.primocane.Agent.GetStatus") at the socket `path`. No answer: `unavailable`
/// when nobody listens there; `denied` when we may not connect; `conflict` when the peer hangs up,
/// as one with too many callers does, or is silent for `timeout`; `invalid` when it sends something
/// else.
[[nodiscard]] Result<VarlinkAnswer> call_varlink(const std::string& path, const std::string& method,
                                                 Value parameters, std::chrono::seconds timeout);

}  // namespace primocane
