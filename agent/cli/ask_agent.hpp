// SPDX-License-Identifier: Apache-2.0
// Asks the running agent how it stands.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"

#include <string>

namespace primocane {

/// The agent's Status as JSON, over its control `socket`; blocks ten seconds at most. `unavailable`
/// where no agent answers, `invalid` for an answer that holds none.
[[nodiscard]] Result<Value> ask_agent(const std::string& socket);

}  // namespace primocane
