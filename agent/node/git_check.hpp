// SPDX-License-Identifier: Apache-2.0
// What asking the Git server for the branch came to.
#pragma once

#include "base/error.hpp"
#include "base/ids.hpp"
#include "node/finding.hpp"

#include <string_view>

namespace primocane {

/// `tip` is what the server answered; `clock` is what examine_clock() found, which explains some
/// failures better than the server can.
[[nodiscard]] Finding examine_git(const Result<CommitId>& tip, std::string_view url,
                                  std::string_view branch, const Finding& clock);

/// The advice for a connection that failed: to set the clock where a certificate does not hold and
/// the clock is in doubt, else `advice`.
[[nodiscard]] std::string advice_for(const Error& error, const Finding& clock,
                                     std::string_view advice);

}  // namespace primocane
