// SPDX-License-Identifier: Apache-2.0
// Takes the values of a Secret out of what the API server says about it.
#pragma once

#include <string>
#include <string_view>

namespace primocane {

/// `words` without what the server quotes ("Invalid value: \"hunter2\": ...") and without every
/// value, plain or in base64, under data and stringData of `secret` (JSON, as it was sent; may be
/// anything).
[[nodiscard]] std::string without_secret_values(std::string words, std::string_view secret);

}  // namespace primocane
