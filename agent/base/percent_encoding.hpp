// SPDX-License-Identifier: Apache-2.0
// Percent-encoding (RFC 3986 section 2.1).
#pragma once

#include <string>
#include <string_view>

namespace primocane {

/// `text` with everything but unreserved characters percent-encoded.
[[nodiscard]] std::string percent_encoded(std::string_view text);

}  // namespace primocane
