// SPDX-License-Identifier: Apache-2.0
// The tree that an expression is parsed into. Macros are nodes of their own; they mean what cel-go
// expands them to.
#pragma once

#include "document/regular_expression.hpp"
#include "expression/functions.hpp"
#include "expression/value.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace primocane {

enum class NodeKind : std::uint8_t {
  literal,     ///< `value`
  identifier,  ///< `name`: a variable, or a type
  select,      ///< the field `name` of the child
  presence,    ///< has(): whether the child has the field `name`
  call,        ///< `function` of the children
  list,        ///< its items
  map,         ///< its keys and values in turn
  macro,       ///< `macro` of the children: the range, then what is evaluated with `name`
};

enum class Macro : std::uint8_t {
  all,
  exists,
  exists_one,
  map,         ///< children: range, what each becomes
  map_filter,  ///< children: range, whether, what each becomes
  filter,
  opt_map,
  opt_flat_map,
};

/// One part of an expression. `position` is the byte at which it is said.
struct SyntaxNode {
  NodeKind kind = NodeKind::literal;
  std::uint32_t position = 0;
  std::string name{};
  Function function = Function::logical_and;
  CallStyle style = CallStyle::global;
  Macro macro = Macro::all;
  CelValue value{};
  std::optional<RegularExpression> pattern{};  ///< of a call of matches with a literal
  std::vector<SyntaxNode> children{};
  std::vector<bool> optionals{};  ///< which items or entries have a "?"; empty if none has
  std::size_t depth = 1;          ///< of the nodes below it
};

/// What stands at `position` of `text`, for messages: "3:14", line and column from 1.
[[nodiscard]] std::string place_of(std::string_view text, std::size_t position);

/// The names of `node` if it is an identifier or a field of a field ... of one: "a.b.c".
[[nodiscard]] std::optional<std::string> qualified_name(const SyntaxNode& node);

}  // namespace primocane
