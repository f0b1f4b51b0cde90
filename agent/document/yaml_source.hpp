// SPDX-License-Identifier: Apache-2.0
// What yaml-cpp's events do not tell about a scalar, looked up in the text itself.
#pragma once

#include "document/plain_scalar.hpp"
#include "document/value.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace primocane {

/// The rest of a text from a node's value on: `text` begins with the node, whose anchor and tag
/// ("&a !!str ") are skipped.
[[nodiscard]] std::string_view skip_properties(std::string_view text);

/// Whether the node that `text` begins with is an anchor or a tag and nothing behind it, so that
/// what follows is another node. `parent_column` is that of the block collection it is in, or -1.
[[nodiscard]] bool is_left_out(std::string_view text, int parent_column);

/// The form of the scalar that `text` begins with.
[[nodiscard]] ScalarForm scalar_form(std::string_view text);

/// The value of the quoted scalar that `text` begins with; nothing if its closing quote is missing,
/// which yaml-cpp does not notice, or an escape is wrong. yaml-cpp's value lacks the line breaks at
/// the end and has single bytes for the escapes \N and \_.
[[nodiscard]] std::optional<std::string> quoted_scalar(std::string_view text);

/// The word for null that `text` begins with, or "".
[[nodiscard]] std::string_view null_word(std::string_view text);

/// The column of the first key or dash of the block collection that `text` begins with, whose mark
/// is at `column`: yaml-cpp's mark is that of the anchor or tag in the line above.
[[nodiscard]] int block_column(std::string_view text, int column);

/// The value of the folded block scalar that `text` begins with (">-2 # comment"), as kustomize
/// 5.8.1 sees it. `parent_column` is that of the collection it is in, or -1.
///
/// With v3, kustomize prints its nodes and reads them again before it makes JSON, and go-yaml's
/// printer adds a line break before more-indented lines and at the end of a kept (">+") tail; the
/// value has those as well, so that it is the one which Flux applies.
[[nodiscard]] std::string folded_scalar(std::string_view text, int parent_column, GoYaml version);

}  // namespace primocane
