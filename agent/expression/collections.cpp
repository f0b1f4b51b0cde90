// SPDX-License-Identifier: Apache-2.0
#include "expression/collections.hpp"

#include "expression/arithmetic.hpp"
#include "expression/number.hpp"
#include "expression/strings.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace primocane {

namespace {

// What stands in messages for a key: its text if it is one, as it is a name.
std::string key_text(const CelValue& key) {
  constexpr std::size_t shown_max = 100;
  if (key.is(CelKind::text)) return fmt::format("\"{}\"", key.view().substr(0, shown_max));
  if (const auto* integer = key.as<std::int64_t>()) return fmt::format("{}", *integer);
  return fmt::format("of type {}", to_string(key.kind()));
}

// Nothing if there is no such part; an error if the container can have none by such a key.
Result<std::optional<CelValue>> find_part(const CelValue& container, const CelValue& key,
                                          Budget& budget) {
  if (const auto* map = container.as<CelMap>()) return find_key(*map, key, budget);
  const auto* list = container.as<CelList>();
  if (list == nullptr) return std::nullopt;
  const auto index = as_index(key);
  if (!index) {
    return fail(ErrorKind::invalid, fmt::format("a list has no index {}", key_text(key)));
  }
  if (*index < 0 || static_cast<std::size_t>(*index) >= list->size()) return std::nullopt;
  return list->at(static_cast<std::size_t>(*index));
}

bool list_contains(const CelList& list, const CelValue& item, Budget& budget) {
  for (std::size_t index = 0; index < list.size(); ++index) {
    if (are_equal(list.at(index), item, budget)) return true;
  }
  return false;
}

bool contains_all(const CelList& list, const CelList& items, Budget& budget) {
  for (std::size_t index = 0; index < items.size(); ++index) {
    if (!list_contains(list, items.at(index), budget)) return false;
  }
  return true;
}

bool contains_any(const CelList& list, const CelList& items, Budget& budget) {
  for (std::size_t index = 0; index < items.size(); ++index) {
    if (list_contains(list, items.at(index), budget)) return true;
  }
  return false;
}

Result<CelValue> compare_sets(Function function, std::span<const CelValue> arguments,
                              Budget& budget) {
  const auto* left = arguments[0].as<CelList>();
  const auto* right = arguments[1].as<CelList>();
  if (left == nullptr || right == nullptr) return no_overload(function, arguments[0], arguments[1]);
  if (function == Function::sets_intersects) return CelValue(contains_any(*left, *right, budget));
  if (!contains_all(*left, *right, budget)) return CelValue(false);
  return CelValue(function == Function::sets_contains || contains_all(*right, *left, budget));
}

Result<CelValue> size_of(const CelValue& value, Budget& budget) {
  std::size_t size = 0;
  if (value.is(CelKind::text)) {
    budget.look_at(value.view().size());
    size = character_count(value.view());
  } else if (const auto* list = value.as<CelList>()) {
    size = list->size();
  } else if (const auto* map = value.as<CelMap>()) {
    size = map->size();
  } else if (value.is(CelKind::bytes)) {
    size = value.view().size();
  } else {
    return no_overload(Function::size, value);
  }
  return CelValue(static_cast<std::int64_t>(size));
}

Result<CelValue> end_of(Function function, const CelValue& value) {
  const auto* list = value.as<CelList>();
  if (list == nullptr) return no_overload(function, value);
  if (list->size() == 0) return CelValue(CelOptional{});
  return CelValue::optional(list->at(function == Function::first ? 0 : list->size() - 1));
}

Result<CelValue> unwrapped(Function function, const CelValue& value, Budget& budget) {
  const auto* list = value.as<CelList>();
  if (list == nullptr) return no_overload(function, value);
  std::vector<CelValue> items;
  for (std::size_t index = 0; index < list->size(); ++index) {
    const CelValue item = list->at(index);
    const auto* optional = item.as<CelOptional>();
    if (optional == nullptr) return no_overload(function, item);
    if (optional->value == nullptr) continue;
    if (!budget.make(sizeof(CelValue))) return CelValue();
    items.push_back(*optional->value);
  }
  return CelValue::list(std::move(items));
}

Result<CelValue> look_into(Function function, const CelValue& value) {
  const auto* optional = value.as<CelOptional>();
  if (optional == nullptr) return no_overload(function, value);
  if (function == Function::has_value) return CelValue(optional->value != nullptr);
  if (optional->value == nullptr) return fail(ErrorKind::invalid, "optional.none() has no value");
  return *optional->value;
}

}  // namespace

Result<CelValue> part_of(const CelValue& container, const CelValue& key, Missing missing,
                         Budget& budget) {
  if (const auto* optional = container.as<CelOptional>()) {
    if (optional->value == nullptr) return container;
    return part_of(*optional->value, key, Missing::is_none, budget);
  }
  auto found = TRY(find_part(container, key, budget));
  if (missing == Missing::is_none) {
    if (!found) return CelValue(CelOptional{});
    return CelValue::optional(std::move(*found));
  }
  if (found) return std::move(*found);
  if (container.is(CelKind::map) || container.is(CelKind::list)) {
    return fail(ErrorKind::invalid, fmt::format("there is no {}", key_text(key)));
  }
  return fail(ErrorKind::invalid, fmt::format("there is no {} in a value of type {}", key_text(key),
                                              to_string(container.kind())));
}

Result<CelValue> has_part(const CelValue& container, const CelValue& key, Budget& budget) {
  if (const auto* optional = container.as<CelOptional>()) {
    if (optional->value == nullptr) return CelValue(false);
    return has_part(*optional->value, key, budget);
  }
  return CelValue(TRY(find_part(container, key, budget)).has_value());
}

Result<CelValue> is_in(const CelValue& item, const CelValue& container, Budget& budget) {
  if (const auto* list = container.as<CelList>()) {
    return CelValue(list_contains(*list, item, budget));
  }
  if (const auto* map = container.as<CelMap>()) {
    return CelValue(find_key(*map, item, budget).has_value());
  }
  return no_overload(Function::in, item, container);
}

std::size_t range_size(const CelValue& range) {
  const auto* list = range.as<CelList>();
  return list != nullptr ? list->size() : range.as<CelMap>()->size();
}

CelValue range_item(const CelValue& range, std::size_t index) {
  const auto* list = range.as<CelList>();
  return list != nullptr ? list->at(index) : range.as<CelMap>()->key_at(index);
}

Result<CelValue> call_collection_function(Function function, std::span<const CelValue> arguments,
                                          Budget& budget) {
  if (function == Function::size) return size_of(arguments[0], budget);
  if (function >= Function::sets_contains && function <= Function::sets_intersects) {
    return compare_sets(function, arguments, budget);
  }
  if (function == Function::first || function == Function::last) {
    return end_of(function, arguments[0]);
  }
  if (function == Function::optional_none) return CelValue(CelOptional{});
  if (function == Function::optional_of) return CelValue::optional(arguments[0]);
  if (function == Function::optional_of_non_zero_value) {
    if (is_zero(arguments[0])) return CelValue(CelOptional{});
    return CelValue::optional(arguments[0]);
  }
  if (function == Function::optional_unwrap || function == Function::unwrap_opt) {
    return unwrapped(function, arguments[0], budget);
  }
  return look_into(function, arguments[0]);
}

}  // namespace primocane
