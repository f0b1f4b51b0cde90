// SPDX-License-Identifier: Apache-2.0
#include "secrets/sops_tree.hpp"

#include "document/go_number.hpp"
#include "document/schema_reader.hpp"
#include "document/utf8.hpp"
#include "document/written_scalar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace primocane {

namespace {

bool is_int64(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// The container that a node's items lie in, with its line and spelling.
Value shell_of(const Value& value) {
  Value shell = value.is_array() ? Value(Array()) : Value(Object());
  shell.set_line(value.line());
  shell.set_spelling(value.spelling());
  return shell;
}

Result<Value> go_typed(Value value, std::string_view name) {
  const Number* number = value.as_number();
  if (number == nullptr) return value;
  const bool has_fraction = scalar_type(value) == ScalarType::real;
  std::optional<std::string> integer;
  if (!has_fraction) integer = go_integer(number->text, 10);
  if (integer && !is_int64(*integer)) {
    return fail(ErrorKind::invalid,
                at_line(name, value.line()) + "an integer has more than 64 bits");
  }
  Value typed = Number{integer.value_or(std::string())};
  typed.set_spelling(value.spelling());
  if (!integer) typed = real_number(go_float(number->text).value_or(0));
  typed.set_line(value.line());
  return typed;
}

Result<Value> value_at(SopsNode node, const std::string& path) {
  if (node.kind == SopsKind::scalar) {
    const std::string* text = node.value.as_string();
    if (text != nullptr && !is_utf8(*text)) {
      return fail(ErrorKind::invalid, fmt::format("{} has bytes that are no UTF-8 text", path));
    }
    return std::move(node.value);
  }
  Value value = std::move(node.value);
  for (SopsItem& item : node.items) {
    if (item.node.kind == SopsKind::comment) continue;
    std::string inner = value.is_array() ? path : fmt::format("{}.{}", path, item.key);
    Value member = TRY(value_at(std::move(item.node), inner));
    if (Object* members = value.as_object()) {
      members->append(std::move(item.key), std::move(member));
    } else {
      value.as_array()->push_back(std::move(member));
    }
  }
  return value;
}

}  // namespace

SopsNode::SopsNode() = default;
SopsNode::SopsNode(SopsKind of, Value content) : kind(of), value(std::move(content)) {}

Result<SopsNode> sops_node(Value value, std::string_view name) {
  if (!value.is_object() && !value.is_array()) {
    return SopsNode(SopsKind::scalar, TRY(go_typed(std::move(value), name)));
  }
  SopsNode node(value.is_array() ? SopsKind::list : SopsKind::mapping, shell_of(value));
  if (Array* items = value.as_array()) {
    node.items.reserve(items->size());
    for (Value& item : *items) {
      SopsNode inner = TRY(sops_node(std::move(item), name));
      node.items.push_back({.key = {}, .node = std::move(inner)});
    }
    return node;
  }
  node.items.reserve(value.as_object()->size());
  for (auto& [key, member] : *value.as_object()) {
    SopsNode inner = TRY(sops_node(std::move(member), name));
    node.items.push_back({.key = std::move(key), .node = std::move(inner)});
  }
  return node;
}

Result<Value> value_of_sops(SopsNode node) { return value_at(std::move(node), ""); }

const SopsNode* find_in(const SopsBranch& branch, std::string_view key) {
  const auto is_it = [&](const SopsItem& item) {
    return item.node.kind != SopsKind::comment && item.key == key;
  };
  const auto found = std::ranges::find_if(branch, is_it);
  return found == branch.end() ? nullptr : &found->node;
}

std::string sops_bytes(const Value& scalar) {
  if (const bool* boolean = scalar.as_bool()) return *boolean ? "True" : "False";
  if (is_real(scalar)) return go_fixed_float(go_float(scalar.scalar_text()).value_or(0));
  return std::string(scalar.scalar_text());
}

std::string sops_text(const Value& scalar) {
  if (scalar.is_null()) return "<nil>";
  if (const bool* boolean = scalar.as_bool()) return *boolean ? "true" : "false";
  if (!is_real(scalar)) return std::string(scalar.scalar_text());
  const double number = go_float(scalar.scalar_text()).value_or(0);
  std::string text = go_general_float(number);
  std::ranges::replace(text, 'e', 'E');
  // Else it would look like an integer.
  if (text.find_first_of(".E") == std::string::npos) text += ".0";
  return text;
}

bool is_real(const Value& scalar) {
  return scalar.as_number() != nullptr && scalar_type(scalar) == ScalarType::real;
}

Value real_number(double number) {
  Value value = Number{go_json_float(number)};
  Spelling spelling;
  spelling.writing = Writing::real;
  value.set_spelling(spelling);
  return value;
}

}  // namespace primocane
