// SPDX-License-Identifier: Apache-2.0
#include "expression/syntax_tree.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace primocane {

std::string place_of(std::string_view text, std::size_t position) {
  const std::string_view before = text.substr(0, position);
  const auto lines = std::ranges::count(before, '\n');
  const std::size_t line_start = before.rfind('\n') + 1;
  // Columns count characters: bytes that continue one are left out.
  const auto column = std::ranges::count_if(before.substr(line_start), [](char letter) {
    return (static_cast<unsigned char>(letter) & 0xC0U) != 0x80U;
  });
  return fmt::format("{}:{}", lines + 1, column + 1);
}

std::optional<std::string> qualified_name(const SyntaxNode& node) {
  if (node.kind == NodeKind::identifier) return node.name;
  if (node.kind != NodeKind::select) return std::nullopt;
  auto name = qualified_name(node.children.front());
  if (name) name->append(".").append(node.name);
  return name;
}

}  // namespace primocane
