// SPDX-License-Identifier: Apache-2.0
#include "source/tree_shape.hpp"

#include "source/sparse_tree.hpp"

#include <utility>

namespace primocane {

Result<std::unique_ptr<StoredTree>> shape_tree(std::unique_ptr<StoredTree> tree,
                                               const TreeShape& shape) {
  if (!shape.sparse.empty()) tree = TRY(sparse_tree(std::move(tree), shape.sparse));
  Result<IgnorePatterns> own = read_ignore_patterns(shape.ignore);
  if (!own) return std::unexpected(with_context("spec.ignore", own.error()));
  return without_ignored(std::move(tree), std::move(*own), shape.defaults);
}

Value write_tree_shape(const TreeShape& shape) {
  Array sparse;
  for (const std::string& prefix : shape.sparse) sparse.emplace_back(prefix);
  return Object{{"sparse", std::move(sparse)},
                {"ignore", shape.ignore},
                {"defaults", shape.defaults == IgnoreDefaults::yes}};
}

Result<TreeShape> read_tree_shape(const Value& value) {
  constexpr std::string_view odd = "the request's shape of the tree is odd";
  const Value* const sparse = value.find("sparse");
  if (sparse == nullptr || sparse->as_array() == nullptr) {
    return fail(ErrorKind::invalid, std::string(odd));
  }
  TreeShape shape;
  for (const Value& prefix : *sparse->as_array()) {
    if (!prefix.is_string()) return fail(ErrorKind::invalid, std::string(odd));
    shape.sparse.emplace_back(prefix.scalar_text());
  }
  shape.ignore = std::string(value.text_at("ignore"));
  const Value* const defaults = value.find("defaults");
  const bool has_defaults = defaults != nullptr && *defaults == Value(true);
  shape.defaults = has_defaults ? IgnoreDefaults::yes : IgnoreDefaults::no;
  return shape;
}

}  // namespace primocane
