// SPDX-License-Identifier: Apache-2.0
// Preconditions of writes that stand in their bodies: an apply's in its metadata, a JSON Patch's in
// its first operations.
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

/// The JSON Patch `operations` (a JSON array) behind operations that set metadata.uid and
/// metadata.resourceVersion to those that are not empty: the server refuses an update by another
/// uid or version as a conflict. A `test` of them it would refuse as an operation that is wrong.
/// `invalid` if `operations` is no array.
[[nodiscard]] Result<std::string> with_patch_precondition(std::string_view operations,
                                                          std::string_view uid,
                                                          std::string_view resource_version);

}  // namespace primocane
