// SPDX-License-Identifier: Apache-2.0
#include "expression/evaluator.hpp"

#include "expression/arithmetic.hpp"
#include "expression/collections.hpp"
#include "expression/conversions.hpp"
#include "expression/strings.hpp"
#include "expression/times.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>
#include <utility>
#include <vector>

namespace primocane {

namespace {

std::unexpected<Error> too_expensive() {
  return fail(ErrorKind::invalid, "the expression costs too much");
}

std::unexpected<Error> no_condition(const CelValue& value) {
  return fail(ErrorKind::invalid, fmt::format("a condition must be true or false, not of type {}",
                                              to_string(value.kind())));
}

class Evaluator {
 public:
  Evaluator(const ExpressionVariables& variables, Budget& budget)
      : variables_(variables), budget_(budget) {}

  Result<CelValue> evaluate(const SyntaxNode& node) {
    if (!budget_.take()) return too_expensive();
    auto value = evaluate_kind(node);
    if (budget_.is_exhausted()) return too_expensive();
    return value;
  }

 private:
  Result<CelValue> evaluate_kind(const SyntaxNode& node);
  Result<CelValue> evaluate_identifier(const SyntaxNode& node) const;
  Result<CelValue> evaluate_list(const SyntaxNode& node);
  Result<CelValue> evaluate_map(const SyntaxNode& node);
  Result<CelValue> evaluate_call(const SyntaxNode& node);
  Result<CelValue> evaluate_lazily(const SyntaxNode& node);
  Result<CelValue> evaluate_logical(const SyntaxNode& node);
  Result<CelValue> evaluate_strictly(const SyntaxNode& node, std::span<const CelValue> arguments);
  Result<CelValue> evaluate_operator(Function function, std::span<const CelValue> arguments);
  Result<CelValue> evaluate_macro(const SyntaxNode& node);
  Result<CelValue> evaluate_quantifier(const SyntaxNode& node, const CelValue& range);
  Result<CelValue> evaluate_exists_one(const SyntaxNode& node, const CelValue& range);
  Result<CelValue> evaluate_transform(const SyntaxNode& node, const CelValue& range);
  Result<CelValue> evaluate_opt_map(const SyntaxNode& node, const CelValue& target);

  Result<bool> condition(const SyntaxNode& node) {
    const CelValue value = TRY(evaluate(node));
    if (!value.is(CelKind::boolean)) return no_condition(value);
    return *value.as<bool>();
  }
  // A part of a macro, with its variable standing for `item`.
  Result<CelValue> evaluate_with(const SyntaxNode& macro, std::size_t child, CelValue item) {
    scopes_.emplace_back(macro.name, std::move(item));
    auto value = evaluate(macro.children[child]);
    scopes_.pop_back();
    return value;
  }
  Result<bool> condition_with(const SyntaxNode& macro, std::size_t child, CelValue item) {
    const CelValue value = TRY(evaluate_with(macro, child, std::move(item)));
    if (!value.is(CelKind::boolean)) return no_condition(value);
    return *value.as<bool>();
  }

  const ExpressionVariables& variables_;
  Budget& budget_;
  std::vector<std::pair<std::string_view, CelValue>> scopes_;  // the innermost last
};

Result<CelValue> Evaluator::evaluate_kind(const SyntaxNode& node) {
  switch (node.kind) {
    case NodeKind::literal:
      return node.value;
    case NodeKind::identifier:
      return evaluate_identifier(node);
    case NodeKind::select:
    case NodeKind::presence: {
      const CelValue operand = TRY(evaluate(node.children.front()));
      const CelValue key = CelText{.view = node.name};
      if (node.kind == NodeKind::presence) return has_part(operand, key, budget_);
      return part_of(operand, key, Missing::is_error, budget_);
    }
    case NodeKind::call:
      return evaluate_call(node);
    case NodeKind::list:
      return evaluate_list(node);
    case NodeKind::map:
      return evaluate_map(node);
    case NodeKind::macro:
      break;
  }
  return evaluate_macro(node);
}

Result<CelValue> Evaluator::evaluate_identifier(const SyntaxNode& node) const {
  for (const auto& [name, value] : std::views::reverse(scopes_)) {
    if (name == node.name) return value;
  }
  if (auto value = variables_.find(node.name)) return std::move(*value);
  if (const auto kind = cel_kind_named(node.name)) return CelValue(*kind);
  return fail(ErrorKind::invalid, fmt::format("there is no \"{}\"", node.name));
}

Result<CelValue> Evaluator::evaluate_list(const SyntaxNode& node) {
  std::vector<CelValue> items;
  if (!budget_.make(node.children.size() * sizeof(CelValue))) return too_expensive();
  items.reserve(node.children.size());
  for (std::size_t index = 0; index < node.children.size(); ++index) {
    CelValue item = TRY(evaluate(node.children[index]));
    if (node.optionals[index]) {
      const auto* optional = item.as<CelOptional>();
      if (optional == nullptr) return fail(ErrorKind::invalid, "a \"?\" needs an optional");
      if (optional->value == nullptr) continue;
      item = CelValue(*optional->value);
    }
    items.push_back(std::move(item));
  }
  return CelValue::list(std::move(items));
}

// The last entry of a key counts; one that is optional and none takes those before it away.
Result<CelValue> Evaluator::evaluate_map(const SyntaxNode& node) {
  std::vector<CelMap::Entry> entries;
  if (!budget_.make(node.children.size() * sizeof(CelValue))) return too_expensive();
  for (std::size_t index = 0; index < node.children.size(); index += 2) {
    CelValue key = TRY(evaluate(node.children[index]));
    // cel-go panics.
    if (key.is(CelKind::bytes)) return fail(ErrorKind::invalid, "bytes can be no key");
    CelValue value = TRY(evaluate(node.children[index + 1]));
    const auto same = std::ranges::find_if(entries, [&](const CelMap::Entry& entry) {
      return entry.first.kind() == key.kind() && are_equal(entry.first, key, budget_);
    });
    if (node.optionals[index / 2]) {
      const auto* optional = value.as<CelOptional>();
      if (optional == nullptr) return fail(ErrorKind::invalid, "a \"?\" needs an optional");
      if (optional->value == nullptr) {
        if (same != entries.end()) entries.erase(same);
        continue;
      }
      value = CelValue(*optional->value);
    }
    if (same != entries.end()) {
      same->second = std::move(value);
    } else {
      entries.emplace_back(std::move(key), std::move(value));
    }
  }
  return CelValue::map(std::move(entries));
}

// The value that decides wins over errors; among errors the first.
Result<CelValue> Evaluator::evaluate_logical(const SyntaxNode& node) {
  const bool deciding = node.function == Function::logical_or;
  std::optional<Error> failure;
  for (const SyntaxNode& child : node.children) {
    auto value = condition(child);
    if (budget_.is_exhausted()) return too_expensive();
    if (value && *value == deciding) return CelValue(deciding);
    if (!value && !failure) failure = std::move(value).error();
  }
  if (failure) return std::unexpected(std::move(*failure));
  return CelValue(!deciding);
}

Result<CelValue> Evaluator::evaluate_lazily(const SyntaxNode& node) {
  const Function function = node.function;
  if (function == Function::logical_and || function == Function::logical_or) {
    return evaluate_logical(node);
  }
  if (function == Function::conditional) {
    return evaluate(node.children[TRY(condition(node.children[0])) ? 1 : 2]);
  }
  CelValue first = TRY(evaluate(node.children[0]));
  if (function == Function::opt_select) {
    return part_of(first, CelText{.view = node.name}, Missing::is_none, budget_);
  }
  const auto* optional = first.as<CelOptional>();
  if (optional == nullptr) return first;
  if (optional->value == nullptr) return evaluate(node.children[1]);
  return function == Function::optional_or ? first : CelValue(*optional->value);
}

Result<CelValue> Evaluator::evaluate_call(const SyntaxNode& node) {
  if (node.function <= Function::optional_or_value) return evaluate_lazily(node);
  std::vector<CelValue> arguments;
  arguments.reserve(node.children.size());
  for (const SyntaxNode& child : node.children) arguments.push_back(TRY(evaluate(child)));
  return evaluate_strictly(node, arguments);
}

Result<CelValue> Evaluator::evaluate_strictly(const SyntaxNode& node,
                                              std::span<const CelValue> arguments) {
  const Function function = node.function;
  if (function <= Function::in) return evaluate_operator(function, arguments);
  if (is_conversion(function)) return convert(function, arguments[0], budget_);
  if (function <= Function::base64_encode) {
    return call_string_function(function, arguments, node.pattern, budget_);
  }
  if (function <= Function::get_milliseconds) return part_of_time(function, arguments);
  return call_collection_function(function, arguments, budget_);
}

Result<CelValue> Evaluator::evaluate_operator(Function function,
                                              std::span<const CelValue> arguments) {
  const CelValue& left = arguments.front();
  if (function == Function::logical_not) {
    if (!left.is(CelKind::boolean)) return no_overload(function, left);
    return CelValue(!*left.as<bool>());
  }
  if (function == Function::negate) return negated(left);
  const CelValue& right = arguments[1];
  if (function == Function::equals) return CelValue(are_equal(left, right, budget_));
  if (function == Function::not_equals) return CelValue(!are_equal(left, right, budget_));
  if (function == Function::index) return part_of(left, right, Missing::is_error, budget_);
  if (function == Function::opt_index) return part_of(left, right, Missing::is_none, budget_);
  if (function == Function::in) return is_in(left, right, budget_);
  if (function < Function::less) return calculate(function, left, right, budget_);
  const int order = TRY(compare(left, right, budget_));
  if (function == Function::less) return CelValue(order < 0);
  if (function == Function::less_equals) return CelValue(order <= 0);
  if (function == Function::greater) return CelValue(order > 0);
  return CelValue(order >= 0);
}

Result<CelValue> Evaluator::evaluate_macro(const SyntaxNode& node) {
  const CelValue range = TRY(evaluate(node.children.front()));
  if (node.macro == Macro::opt_map || node.macro == Macro::opt_flat_map) {
    return evaluate_opt_map(node, range);
  }
  if (!range.is(CelKind::list) && !range.is(CelKind::map)) {
    return fail(ErrorKind::invalid, fmt::format("a list or a mapping must be gone through, not a "
                                                "value of type {}",
                                                to_string(range.kind())));
  }
  if (node.macro == Macro::all || node.macro == Macro::exists) {
    return evaluate_quantifier(node, range);
  }
  if (node.macro == Macro::exists_one) return evaluate_exists_one(node, range);
  return evaluate_transform(node, range);
}

// all() is && and exists() is || of what is said of each item, with what that means for errors.
Result<CelValue> Evaluator::evaluate_quantifier(const SyntaxNode& node, const CelValue& range) {
  const bool deciding = node.macro == Macro::exists;
  std::optional<Error> failure;
  for (std::size_t index = 0; index < range_size(range); ++index) {
    auto value = condition_with(node, 1, range_item(range, index));
    if (budget_.is_exhausted()) return too_expensive();
    if (value && *value == deciding) return CelValue(deciding);
    if (!value && !failure) failure = std::move(value).error();
  }
  if (failure) return std::unexpected(std::move(*failure));
  return CelValue(!deciding);
}

Result<CelValue> Evaluator::evaluate_exists_one(const SyntaxNode& node, const CelValue& range) {
  std::size_t count = 0;
  for (std::size_t index = 0; index < range_size(range); ++index) {
    if (TRY(condition_with(node, 1, range_item(range, index)))) ++count;
  }
  return CelValue(count == 1);
}

Result<CelValue> Evaluator::evaluate_transform(const SyntaxNode& node, const CelValue& range) {
  std::vector<CelValue> items;
  for (std::size_t index = 0; index < range_size(range); ++index) {
    CelValue item = range_item(range, index);
    if (node.macro != Macro::map && !TRY(condition_with(node, 1, item))) continue;
    if (node.macro == Macro::map) item = TRY(evaluate_with(node, 1, std::move(item)));
    if (node.macro == Macro::map_filter) item = TRY(evaluate_with(node, 2, std::move(item)));
    if (!budget_.make(sizeof(CelValue))) return too_expensive();
    items.push_back(std::move(item));
  }
  return CelValue::list(std::move(items));
}

Result<CelValue> Evaluator::evaluate_opt_map(const SyntaxNode& node, const CelValue& target) {
  const auto* optional = target.as<CelOptional>();
  if (optional == nullptr) {
    return fail(ErrorKind::invalid, fmt::format("an optional is needed, not a value of type {}",
                                                to_string(target.kind())));
  }
  if (optional->value == nullptr) return target;
  CelValue value = TRY(evaluate_with(node, 1, *optional->value));
  return node.macro == Macro::opt_map ? CelValue::optional(std::move(value)) : std::move(value);
}

}  // namespace

Result<CelValue> evaluate_tree(const SyntaxNode& root, const ExpressionVariables& variables,
                               Budget& budget) {
  return Evaluator(variables, budget).evaluate(root);
}

}  // namespace primocane
