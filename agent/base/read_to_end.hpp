// SPDX-License-Identifier: Apache-2.0
// Reads a descriptor to its end.
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"

#include <string>
#include <string_view>

namespace primocane {

/// All that `descriptor` (borrowed, of a file or a blocking pipe) still gives. Errors name `what`:
/// `invalid` when it is more than `limit`, else those of os_error().
[[nodiscard]] Result<std::string> read_to_end(int descriptor, std::string_view what,
                                              ByteCount limit);

}  // namespace primocane
