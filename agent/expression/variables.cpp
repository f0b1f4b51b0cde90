// SPDX-License-Identifier: Apache-2.0
#include "expression/variables.hpp"

namespace primocane {

std::optional<CelValue> ExpressionVariables::find(std::string_view name) const {
  for (const ExpressionVariable& variable : named) {
    if (variable.name == name) return CelValue::of(*variable.value);
  }
  const Value* value = fields == nullptr ? nullptr : fields->find(name);
  if (value == nullptr) return std::nullopt;
  return CelValue::of(*value);
}

}  // namespace primocane
