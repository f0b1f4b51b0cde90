// SPDX-License-Identifier: Apache-2.0
// Upper and lower case of all letters that have one, as Go's package unicode knows them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace primocane {

enum class LetterCase : std::uint8_t { upper, lower };

/// `text` with all letters in `letter_case` (Go: strings.ToUpper, strings.ToLower). A byte that is
/// no UTF-8 becomes U+FFFD, as there.
[[nodiscard]] std::string in_case(std::string_view text, LetterCase letter_case);

/// The same for the first letter alone.
[[nodiscard]] std::string first_in_case(std::string_view text, LetterCase letter_case);

}  // namespace primocane
