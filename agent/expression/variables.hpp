// SPDX-License-Identifier: Apache-2.0
// The variables of an expression.
#pragma once

#include "document/value.hpp"
#include "expression/value.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace primocane {

/// A variable: its name and what it stands for, which must outlive the evaluation's result.
struct ExpressionVariable {
  std::string_view name{};
  const Value* value = nullptr;
};

/// What an expression may name.
struct ExpressionVariables {
  const Object* fields = nullptr;  ///< each field is a variable
  std::span<const ExpressionVariable> named{};

  [[nodiscard]] std::optional<CelValue> find(std::string_view name) const;
};

}  // namespace primocane
