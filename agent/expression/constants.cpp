// SPDX-License-Identifier: Apache-2.0
#include "expression/constants.hpp"

#include "expression/conversions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace primocane {

namespace {

bool is_literal(const SyntaxNode& node) { return node.kind == NodeKind::literal; }

// A literal, or a list or mapping of them.
bool is_constant(const SyntaxNode& node) {
  const bool is_collection = node.kind == NodeKind::list || node.kind == NodeKind::map;
  return is_literal(node) || (is_collection && std::ranges::all_of(node.children, is_constant));
}

// Whether a literal can be a key or an index.
bool is_key(const SyntaxNode& node) {
  const CelKind kind = node.value.kind();
  return is_literal(node) &&
         (kind == CelKind::text || kind == CelKind::integer || kind == CelKind::boolean ||
          kind == CelKind::unsigned_integer || kind == CelKind::real);
}

std::unexpected<Error> wrong_constant(const SyntaxNode& node, std::string_view text,
                                      std::string_view what) {
  return fail(ErrorKind::invalid, fmt::format("{}: {}", place_of(text, node.position), what));
}

// A type with a name of several parts is no field of anything.
void name_type(SyntaxNode& node) {
  const auto name = qualified_name(node);
  const auto kind = name ? cel_kind_named(*name) : std::nullopt;
  if (kind) node = SyntaxNode{.position = node.position, .value = *kind};
}

Result<void> convert_literal(SyntaxNode& node, std::string_view text) {
  // The text of the expression bounds what can be converted.
  Budget budget(text.size() + 100, 2 * text.size() + 1000);
  auto value = convert(node.function, node.children.front().value, budget);
  if (!value) {
    return wrong_constant(node, text, value.error().message);
  }
  node = SyntaxNode{.position = node.position, .value = std::move(*value)};
  return {};
}

Result<void> compile_pattern(SyntaxNode& node, std::string_view text) {
  const SyntaxNode& pattern = node.children.back();
  auto compiled = RegularExpression::compile(pattern.value.view());
  if (!compiled) {
    return wrong_constant(pattern, text, compiled.error().message);
  }
  node.pattern = std::move(*compiled);
  return {};
}

}  // namespace

Result<void> fold_constants(SyntaxNode& root, std::string_view text) {
  for (SyntaxNode& child : root.children) TRY(fold_constants(child, text));
  if (root.kind == NodeKind::select) name_type(root);
  if (root.kind != NodeKind::call || root.children.empty()) return {};
  const SyntaxNode& first = root.children.front();
  if (is_conversion(root.function) && is_literal(first)) return convert_literal(root, text);
  const bool takes_all = root.function == Function::to_type || root.function == Function::to_dyn;
  if (is_conversion(root.function) && !takes_all && is_constant(first)) {
    return wrong_constant(root, text, "a list or a mapping cannot be converted");
  }
  const SyntaxNode& last = root.children.back();
  const bool is_index = root.function == Function::index || root.function == Function::opt_index;
  if (is_index && is_constant(last) && !is_key(last)) {
    return wrong_constant(last, text, "this can be neither a key nor an index");
  }
  if (root.function == Function::matches && is_literal(last) && last.value.is(CelKind::text)) {
    return compile_pattern(root, text);
  }
  return {};
}

}  // namespace primocane
