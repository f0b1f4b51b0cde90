// SPDX-License-Identifier: Apache-2.0
// Text of strangers (servers, ssh) made fit for a message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace primocane {

/// `text` without surrounding white space, on one line, every byte that is no printable ASCII
/// replaced by "?", cut to `length_max` characters with "..." at the cut.
[[nodiscard]] std::string printable(std::string_view text, std::size_t length_max = 300);

}  // namespace primocane
