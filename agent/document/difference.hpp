// SPDX-License-Identifier: Apache-2.0
// What differs between two values, field by field: for people who read a plan.
#pragma once

#include "document/json_pointer.hpp"
#include "document/value.hpp"

#include <optional>
#include <vector>

namespace primocane {

/// One field that differs. `path` leads to it in the new value, or in the old one if it is gone.
struct Difference {
  JsonPointer path;
  std::optional<Value> before;  ///< nothing: the field is added
  std::optional<Value> after;   ///< nothing: the field is removed

  bool operator==(const Difference&) const = default;
};

/// The fields in which `after` differs from `before`, in the order of `after` with what is gone
/// last in each collection; empty exactly if the values are equal. Lists of mappings are compared
/// by name: by the first of the keys name, mountPath, containerPort, port and key that all items of
/// both lists have with values of their own. Other lists are compared by index. A list whose named
/// items only changed their order is one difference as a whole.
[[nodiscard]] std::vector<Difference> difference(const Value& before, const Value& after);

}  // namespace primocane
