// SPDX-License-Identifier: Apache-2.0
// Preconditions of a server-side apply: they stand in the body's metadata.
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>

namespace primocane {

/// `body` (a JSON object with a "metadata" object) with metadata.uid and metadata.resourceVersion
/// set to those that are not empty. Cheap: the body is not parsed but scanned up to its metadata.
/// `invalid` where there is no metadata, or where it holds another value of one of the two.
[[nodiscard]] Result<std::string> with_precondition(std::string body, std::string_view uid,
                                                    std::string_view resource_version);

}  // namespace primocane
