// SPDX-License-Identifier: Apache-2.0
// Variables in a text: ${name} and its forms, as fluxcd/pkg's envsubst reads and replaces them.
#pragma once

#include "base/bytes.hpp"
#include "base/error.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace primocane {

using Variables = std::map<std::string, std::string, std::less<>>;

/// `text` with all expressions replaced. Where Go's program reads "$$" it leaves "$", so "$${name}"
/// is "${name}"; a "$" before anything else stays. `invalid` for what is no expression that it
/// reads, for a variable that is not set and gets no default, and for a result, or a part of it,
/// that is larger than `size_max`. Messages hold names of variables, never values. A NUL ends the
/// text.
[[nodiscard]] Result<std::string> expand_variables(std::string_view text,
                                                   const Variables& variables, ByteCount size_max);

}  // namespace primocane
