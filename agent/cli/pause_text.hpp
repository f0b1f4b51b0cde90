// SPDX-License-Identifier: Apache-2.0
// What came of a request to suspend or resume, as it travels over the control socket, and as people
// read it.
#pragma once

#include "document/value.hpp"
#include "reconcile/pause_request.hpp"

#include <chrono>
#include <string>

namespace primocane {

/// How long a pause with an end may be: longer ones have none.
inline constexpr std::chrono::seconds pause_max = std::chrono::hours(24 * 3653);

/// {pause: ...} (docs/control-socket.md, type Pause).
[[nodiscard]] Value write_pause_answer(const PauseAnswer& answer);

/// A line or two for people from what write_pause_answer() made, after `verb` was asked for.
[[nodiscard]] std::string describe_pause(PauseVerb verb, const Value& pause);

}  // namespace primocane
