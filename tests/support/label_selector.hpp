// SPDX-License-Identifier: Apache-2.0
// Label selectors, as far as FakeCluster's lists need them.
#pragma once

#include "document/value.hpp"

#include <string_view>

namespace primocane {

/// True if the labels of `object` satisfy `selector`: "key", "!key", "key=value", "key==value",
/// "key!=value", "key in (a,b)", "key notin (a,b)", joined by commas. "" matches everything.
[[nodiscard]] bool matches_selector(const Value& object, std::string_view selector);

}  // namespace primocane
