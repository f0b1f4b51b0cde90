// SPDX-License-Identifier: Apache-2.0
// SharedValue: a value as Go's maps and slices hold it, so that what Helm and Flux do with chart
// values comes out as theirs does: a change in a mapping is seen by all that hold it.
#pragma once

#include "document/value.hpp"

#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace primocane {

/// Null, a scalar, or a mapping or list that copies share. No mapping or list may come to hold
/// itself. Rejected: values that are copied. Whether a value of `valuesFrom` at a target path is
/// overwritten by an inline one depends on which mappings are shared (chart_values.cpp).
class SharedValue {
 public:
  using Mapping = std::map<std::string, SharedValue, std::less<>>;
  using List = std::vector<SharedValue>;

  SharedValue() = default;  ///< null
  /// A deep copy of `value`, which shares nothing.
  explicit SharedValue(const Value& value);
  [[nodiscard]] static SharedValue empty_mapping();
  [[nodiscard]] static SharedValue empty_list();
  [[nodiscard]] static SharedValue list_of(List items);

  [[nodiscard]] bool is_null() const;
  /// What is shared, or null if it is something else.
  [[nodiscard]] Mapping* mapping() const;
  [[nodiscard]] List* list() const;
  /// A deep copy, with the keys of mappings sorted.
  [[nodiscard]] Value to_value() const;

 private:
  std::variant<Value, std::shared_ptr<Mapping>, std::shared_ptr<List>> data_;
};

}  // namespace primocane
