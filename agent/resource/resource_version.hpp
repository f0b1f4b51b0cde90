// SPDX-License-Identifier: Apache-2.0
// The order of resourceVersions.
#pragma once

#include <string_view>

namespace primocane {

/// Whether resourceVersion `a` is older than `b`. They are numbers of one sequence (KEP-5504, and
/// before 1.35 by all servers there are); of others nothing is older.
[[nodiscard]] bool is_older_version(std::string_view a, std::string_view b);

}  // namespace primocane
