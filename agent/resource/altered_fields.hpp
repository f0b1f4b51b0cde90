// SPDX-License-Identifier: Apache-2.0
// What of an apply the API server holds otherwise than it was sent: mutating admission changes
// values without a trace in managedFields. Pure functions over objects.
#pragma once

#include "document/value.hpp"
#include "resource/field_paths.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace primocane {

/// The fields that our Apply entry in `stored` has, which was answered to the apply of `sent`, and
/// whose values differ. What the server writes in another form (quantities, times, base64) and
/// what it adds or leaves out as empty is no difference. A list or mapping of more than 200
/// such fields is not looked into. At most `count_max`.
[[nodiscard]] std::vector<std::string> altered_fields(const Value& sent, const Value& stored,
                                                      ItemNames names, std::size_t count_max = 20);

}  // namespace primocane
