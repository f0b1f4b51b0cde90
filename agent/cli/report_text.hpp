// SPDX-License-Identifier: Apache-2.0
// The report of a pass as it travels over the control socket, and as people read it.
#pragma once

#include "document/value.hpp"
#include "reconcile/pass.hpp"

#include <string>

namespace primocane {

/// Keys in camelCase; what is absent is left out (docs/control-socket.md, type Report).
[[nodiscard]] Value write_report(const PassReport& report);

/// A few lines for people from what write_report() made. Tolerates what is missing.
[[nodiscard]] std::string describe_report(const Value& report);

/// Whether the report tells of no problem.
[[nodiscard]] bool is_without_problems(const Value& report);

}  // namespace primocane
