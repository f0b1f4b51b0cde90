// SPDX-License-Identifier: Apache-2.0
// Base64 (RFC 4648 section 4): what Kubernetes writes bytes in.
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace primocane {

/// `bytes` in the standard alphabet, padded, on one line.
[[nodiscard]] std::string to_base64(std::string_view bytes);

/// The bytes behind `text`, as Go's encoding/base64.StdEncoding reads it: the standard alphabet,
/// padded; line ends are skipped. `invalid` otherwise; the message never holds the text.
[[nodiscard]] Result<std::string> from_base64(std::string_view text);

}  // namespace primocane
