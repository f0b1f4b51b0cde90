// SPDX-License-Identifier: Apache-2.0
// How well renderers can be locked in here.
#pragma once

#include "base/error.hpp"
#include "node/finding.hpp"

#include <string_view>

namespace primocane {

/// `strength` is the word for the box that a child could have ("root", "namespaces", "landlock",
/// "none"), or why it had none: the agent does not start then.
[[nodiscard]] Finding examine_box(const Result<std::string_view>& strength);

}  // namespace primocane
