// SPDX-License-Identifier: Apache-2.0
// What the operating system says when a call fails, as an Error.
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace primocane {

/// "Permission denied" for EACCES, and so on.
[[nodiscard]] std::string describe_errno(int error_number);

/// "WHAT: Permission denied". The kind is `denied` for refusals (EACCES, EPERM, EROFS),
/// `invalid` for names that can't be (ENOTDIR, ELOOP, ENAMETOOLONG), else `unavailable`.
[[nodiscard]] Error os_error(std::string_view what, int error_number);

}  // namespace primocane
