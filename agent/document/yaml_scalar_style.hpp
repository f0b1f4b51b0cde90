// SPDX-License-Identifier: Apache-2.0
// How a string is quoted in YAML: the rules of go-yaml v2's emitter, by which kustomize prints, and
// those of v3's, by which it prints YAML inside of texts.
#pragma once

#include "document/value.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace primocane {

enum class ScalarStyle : std::uint8_t { plain, single_quoted, double_quoted, literal };
enum class ScalarRole : std::uint8_t { value, key };

/// The style in which go-yaml v2 writes the string `text` in block context: plain if it is then
/// read back as that string, literal ("|") if it has line feeds, double-quoted if it would be read
/// as another type, and a stronger one where a character or space demands it.
[[nodiscard]] ScalarStyle style_of(std::string_view text, ScalarRole role);

enum class ScalarPlace : std::uint8_t { block, block_key, flow, flow_key };

/// The form in which go-yaml v3 prints a node that asks for `wanted`.
[[nodiscard]] ScalarForm printed_form(std::string_view text, ScalarForm wanted, ScalarPlace place);

/// How the character is written in double quotes ("\\n", "\\u2028").
[[nodiscard]] std::string escape_of(std::string_view character);

/// Whether `text` can be a key on the line of its value: no line break in it and at most 128
/// bytes. Others are written as "? key" and ": value".
[[nodiscard]] bool is_simple_key(std::string_view text);

/// Whether go-yaml v3 writes `text` as a block scalar where it may: not if it ends in a space, has
/// one before a line break, or needs escapes other than those of tabs.
[[nodiscard]] bool is_printed_as_block(std::string_view text);

/// The length of the character at the front of `text`, which is not empty; 1 for a byte that is
/// not UTF-8.
[[nodiscard]] std::size_t character_length(std::string_view text);

/// Whether the character `text` begins with is written as it is: a line feed, and what go-yaml v2
/// takes for printable (not the tab, and nothing beyond U+FFFD), except U+2028 and U+2029, which
/// are line breaks in YAML 1.1 and none in YAML 1.2.
[[nodiscard]] bool begins_with_printable(std::string_view text);

}  // namespace primocane
