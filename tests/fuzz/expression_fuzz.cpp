// SPDX-License-Identifier: Apache-2.0
// Whatever an expression holds, it is loaded or refused with a place, its evaluation ends within
// its budget, and a condition that was checked has an answer that is true, false or an error.
#include "expression/expression.hpp"

#include "expression/evaluator.hpp"
#include "fuzz/require.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace primocane;

namespace {

// Small, so that the fuzzer reaches the end of it.
constexpr std::size_t steps_max = 5'000;
constexpr std::size_t bytes_max = 256 * 1024;

Value object() {
  return Object{{"spec", Object{{"n", Array{1, 2, "x", Value()}}, {"t", "abcä"}}},
                {"status", Object{{"ready", true}, {"count", 3}}}};
}

void require_message(const Error& error) {
  require(error.kind == ErrorKind::invalid && !error.message.empty());
}

void evaluate(const SyntaxNode& tree, const ExpressionVariables& variables) {
  Budget budget(steps_max, bytes_max);
  const auto value = evaluate_tree(tree, variables, budget);
  if (!value) return require_message(value.error());
  require(!budget.is_exhausted());
  Budget again(steps_max, bytes_max);
  const auto same = evaluate_tree(tree, variables, again);
  require(same.has_value() && same->kind() == value->kind());
}

}  // namespace

// The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Value world = object();
  if (const auto tree = load_object_expression(text)) {
    evaluate(*tree, {.fields = world.as_object()});
  } else {
    require_message(tree.error());
  }
  if (const auto tree = load_ready_expression(text)) {
    const std::array<ExpressionVariable, 2> named = {{{"self", &world}, {"dep", &world}}};
    evaluate(*tree, {.named = named});
    const auto condition = ReadyCondition::parse(text);
    require(condition.has_value());
    const auto holds = condition->holds_for(world, world, {.steps = steps_max, .bytes = bytes_max});
    if (!holds) require_message(holds.error());
  } else {
    require_message(tree.error());
  }
  return 0;
}
