// SPDX-License-Identifier: Apache-2.0
#include "expression/expression.hpp"

#include "expression/constants.hpp"
#include "expression/evaluator.hpp"
#include "expression/type_checker.hpp"

#include <fmt/format.h>

#include <array>
#include <span>
#include <utility>

namespace primocane {

namespace {

Result<bool> condition_of(const SyntaxNode& tree, const ExpressionVariables& variables,
                          const EvaluationLimits& limits) {
  Budget budget(limits.steps, limits.bytes);
  const CelValue value = TRY(evaluate_tree(tree, variables, budget));
  if (value.is(CelKind::boolean)) return *value.as<bool>();
  return fail(ErrorKind::invalid, fmt::format("the result must be true or false, not of type {}",
                                              to_string(value.kind())));
}

}  // namespace

Result<SyntaxNode> load_object_expression(std::string_view text) {
  SyntaxNode tree = TRY(parse_expression(text));
  TRY(fold_constants(tree, text));
  return tree;
}

Result<SyntaxNode> load_ready_expression(std::string_view text) {
  SyntaxNode tree = TRY(parse_expression(text));
  TRY(check_types(tree, text));
  TRY(fold_constants(tree, text));
  return tree;
}

ObjectCondition::ObjectCondition(std::shared_ptr<const SyntaxNode> tree) : tree_(std::move(tree)) {}

Result<ObjectCondition> ObjectCondition::parse(std::string_view text) {
  return ObjectCondition(std::make_shared<const SyntaxNode>(TRY(load_object_expression(text))));
}

Result<bool> ObjectCondition::holds_for(const Value& object, const EvaluationLimits& limits) const {
  return condition_of(*tree_, {.fields = object.as_object()}, limits);
}

ReadyCondition::ReadyCondition(std::shared_ptr<const SyntaxNode> tree) : tree_(std::move(tree)) {}

Result<ReadyCondition> ReadyCondition::parse(std::string_view text) {
  return ReadyCondition(std::make_shared<const SyntaxNode>(TRY(load_ready_expression(text))));
}

Result<bool> ReadyCondition::holds_for(const Value& self, const Value& dep,
                                       const EvaluationLimits& limits) const {
  const std::array<ExpressionVariable, 2> variables = {{{"self", &self}, {"dep", &dep}}};
  return condition_of(*tree_, {.named = variables}, limits);
}

}  // namespace primocane
