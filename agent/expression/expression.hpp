// SPDX-License-Identifier: Apache-2.0
// Expression: a condition in the Common Expression Language, as Flux's users write them in
// healthCheckExprs and readyExpr (fluxcd/pkg runtime/cel). The language and its functions are those
// of cel-go 0.26 with Flux's options; tests/oracle/expressions compares them.
//
// Differences, all on purpose: a call of a function that does not exist, or with a number of
// arguments that none of its forms has, is an error when the expression is read, even where nothing
// would evaluate it; messages of Protocol Buffers cannot be made; time zones are offsets; a text of
// a double in hexadecimal digits is none.
#pragma once

#include "base/error.hpp"
#include "document/value.hpp"
#include "expression/parser.hpp"
#include "expression/syntax_tree.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace primocane {

/// What an evaluation may cost: some ten milliseconds on a small board, whatever is asked for.
struct EvaluationLimits {
  std::size_t steps = 100'000;
  std::size_t bytes = 4 * 1024 * 1024;
};

/// A condition on one object, whose fields are the variables: "status.phase == 'Bound'". Types are
/// not checked before it is evaluated, because the fields of objects have none. An immutable value;
/// copies share it.
class ObjectCondition {
 public:
  /// `invalid` with line and column, "1:14: ...", if `text` is none.
  [[nodiscard]] static Result<ObjectCondition> parse(std::string_view text);

  /// Whether it holds for `object`. `invalid` if that has no answer: a field is missing, the result
  /// is neither true nor false, it costs too much. The message never holds a value of the object.
  [[nodiscard]] Result<bool> holds_for(const Value& object,
                                       const EvaluationLimits& limits = {}) const;

 private:
  explicit ObjectCondition(std::shared_ptr<const SyntaxNode> tree);

  std::shared_ptr<const SyntaxNode> tree_;
};

/// A condition on two objects, the variables `self` and `dep`: what dependsOn.readyExpr holds. Its
/// types are checked: it must be known to be true or false, as "dep.status.ready" alone is not and
/// "dep.status.ready == true" is. An immutable value; copies share it.
class ReadyCondition {
 public:
  /// `invalid` with line and column, "1:14: ...", if `text` is none.
  [[nodiscard]] static Result<ReadyCondition> parse(std::string_view text);

  /// Whether it holds for `self`, which depends on `dep`. As ObjectCondition::holds_for.
  [[nodiscard]] Result<bool> holds_for(const Value& self, const Value& dep,
                                       const EvaluationLimits& limits = {}) const;

 private:
  explicit ReadyCondition(std::shared_ptr<const SyntaxNode> tree);

  std::shared_ptr<const SyntaxNode> tree_;
};

/// The trees behind them: what tests compare more than conditions with.
[[nodiscard]] Result<SyntaxNode> load_object_expression(std::string_view text);
[[nodiscard]] Result<SyntaxNode> load_ready_expression(std::string_view text);

}  // namespace primocane
