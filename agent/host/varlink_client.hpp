// SPDX-License-Identifier: Apache-2.0
// One call to a Varlink service, for commands that ask the running agent. Blocks.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"

#include <chrono>
#include <string>

namespace primocane {

/// Calls `method` ("dev.primocane.Agent.GetStatus") at the socket `path` and returns the output
/// parameters. `unavailable` when nobody listens or nothing came within `timeout`; `denied` when
/// we may not connect; the kind and message of the service's own error otherwise.
[[nodiscard]] Result<Value> call_varlink(const std::string& path, const std::string& method,
                                         Value parameters, std::chrono::seconds timeout);

}  // namespace primocane
