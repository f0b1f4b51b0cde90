// SPDX-License-Identifier: Apache-2.0
// Text that holds names and messages of repositories and servers, made fit to be shown: none of it
// may reach a terminal, a journal or a JSON string as anything but text.
#pragma once

#include <string>
#include <string_view>

namespace primocane {

/// `text` as well-formed UTF-8 without terminal codes: each control character (of ASCII but "\n"
/// and "\t", DEL, U+0080 to U+009F), each one that changes the direction of text or separates lines
/// (U+202E, U+2028), and each byte that is not UTF-8 becomes "?".
[[nodiscard]] std::string plain_text(std::string_view text);

/// The same on one line: "\n" and "\t" become a space.
[[nodiscard]] std::string plain_line(std::string_view text);

}  // namespace primocane
