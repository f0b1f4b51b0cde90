// SPDX-License-Identifier: Apache-2.0
#include "render/patch_node.hpp"

#include <fmt/format.h>

namespace primocane {

std::string_view to_string(NodeKind kind) {
  switch (kind) {
    case NodeKind::none:
      return "null";
    case NodeKind::scalar:
      return "a scalar";
    case NodeKind::list:
      return "a list";
    case NodeKind::mapping:
      return "a mapping";
  }
  return "a value";
}

NodeKind node_kind(const Value* node) {
  if (is_missing_or_null(node)) return NodeKind::none;
  if (node->is_object()) return NodeKind::mapping;
  return node->is_array() ? NodeKind::list : NodeKind::scalar;
}

bool is_missing_or_null(const Value* node) {
  if (node == nullptr || node->is_null()) return true;
  return node->spelling().writing == Writing::nothing && node_text(*node).empty();
}

bool is_written_null(const Value& node) {
  return node.is_null() && node.spelling().writing != Writing::nothing;
}

std::string_view node_text(const Value& node) {
  if (const std::string* text = node.as_string()) return *text;
  if (const Number* number = node.as_number()) return number->text;
  if (const bool* boolean = node.as_bool()) return *boolean ? "true" : "false";
  return is_written_null(node) ? "null" : "";
}

std::string_view field_text(const Value& node, std::string_view field) {
  const Value* value = node.find(field);
  return is_missing_or_null(value) ? std::string_view() : node_text(*value);
}

Error below(std::string_view step, Error error) {
  const bool needs_point = !error.message.starts_with(':') && !error.message.starts_with('[');
  error.message.insert(0, needs_point ? "." : "");
  error.message.insert(0, step);
  return error;
}

std::unexpected<Error> fail_here(std::string_view message) {
  return fail(ErrorKind::invalid, fmt::format(": {}", message));
}

Result<void> MergeBudget::spend(std::size_t steps) {
  if (steps > left_) return fail_here("the merge takes too many steps");
  left_ -= steps;
  return {};
}

}  // namespace primocane
