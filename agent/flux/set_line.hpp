// SPDX-License-Identifier: Apache-2.0
// Helm's lines of `--set`, "a.b[0]=1,c={x,y}", which Flux makes of a target path and a value
// (helm.sh/helm/v4 pkg/strvals/parser.go).
#pragma once

#include "base/error.hpp"
#include "flux/shared_value.hpp"

#include <cstdint>
#include <string_view>

namespace primocane {

/// What the values of a line become.
enum class SetValues : std::uint8_t {
  typed,    ///< true, false, null and whole numbers are what they look like
  strings,  ///< all are strings
};

/// Sets in `values` what `line` says, as Helm's ParseInto and ParseIntoString do, down to a line
/// that ends in an unfinished index and says nothing. `invalid` for what they refuse; besides for
/// more than 100 nested names and indices, and for more than 262,144 items that an index makes
/// between others. Messages tell where, in characters, never what: the line may hold a secret.
[[nodiscard]] Result<void> set_by_line(SharedValue::Mapping& values, std::string_view line,
                                       SetValues kind);

}  // namespace primocane
