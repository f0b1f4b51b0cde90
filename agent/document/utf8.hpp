// SPDX-License-Identifier: Apache-2.0
// UTF-8 as the readers and writers need it: where a character ends, and whether it is one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace primocane {

/// The length of the character that `text` begins with, 1 to 4; 0 if `text` is empty or does not
/// begin with well-formed UTF-8 (overlong forms and surrogates are not).
[[nodiscard]] std::size_t utf8_character(std::string_view text);

/// Whether all of `text` is well-formed UTF-8.
[[nodiscard]] bool is_utf8(std::string_view text);

/// Adds the character with this code point to `text`; false if there is none with it (a surrogate,
/// or beyond U+10FFFF).
[[nodiscard]] bool append_utf8(std::uint32_t code_point, std::string& text);

}  // namespace primocane
