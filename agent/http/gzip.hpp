// SPDX-License-Identifier: Apache-2.0
// Gzip (RFC 1952) for the bodies of requests. Responses are unpacked by libcurl.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// `bytes` as a gzip stream, or nothing where that would not be smaller.
[[nodiscard]] std::optional<std::string> gzip_if_smaller(std::string_view bytes);

}  // namespace primocane
