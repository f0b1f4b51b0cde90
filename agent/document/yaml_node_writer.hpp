// SPDX-License-Identifier: Apache-2.0
// Prints YAML as it was written, normalised as go-yaml v3 normalises a tree of nodes: what
// kustomize does with YAML inside of a text.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace primocane {

/// `value` with the quotes, brackets and block scalars that its spellings tell, in lines without a
/// limit; lists stand at the indentation of their key. `invalid` for a number or date with an
/// unusual spelling, whose text is lost, for a folded text of several paragraphs, and for a key
/// that does not fit on a line.
[[nodiscard]] Result<std::string> write_yaml_nodes(const Value& value);

/// `text` as go-yaml v3 writes a scalar in that form, which printed_form() has chosen: in block
/// scalars behind `indent` spaces, with `step` as what a level is indented by. Plain ones are
/// `text` itself; folded ones are written as literal.
[[nodiscard]] std::string yaml_scalar_text(std::string_view text, ScalarForm form,
                                           std::size_t indent, std::size_t step);

}  // namespace primocane
