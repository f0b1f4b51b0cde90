// SPDX-License-Identifier: Apache-2.0
// What the running agent said of itself.
#pragma once

#include "base/error.hpp"
#include "node/finding.hpp"
#include "report/status.hpp"

#include <string_view>

namespace primocane {

/// `version` is that of this program; the agent may be the one before an update.
[[nodiscard]] Finding examine_agent(const Result<Status>& status, std::string_view version);

}  // namespace primocane
