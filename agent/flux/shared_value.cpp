// SPDX-License-Identifier: Apache-2.0
#include "flux/shared_value.hpp"

#include <utility>

namespace primocane {

SharedValue::SharedValue(const Value& value) {
  if (const Object* members = value.as_object()) {
    auto mapping = std::make_shared<Mapping>();
    for (const auto& [key, member] : *members) mapping->insert_or_assign(key, SharedValue(member));
    data_ = std::move(mapping);
  } else if (const Array* items = value.as_array()) {
    auto list = std::make_shared<List>();
    list->reserve(items->size());
    for (const Value& item : *items) list->emplace_back(item);
    data_ = std::move(list);
  } else {
    data_ = value;
  }
}

SharedValue SharedValue::empty_mapping() {
  SharedValue value;
  value.data_ = std::make_shared<Mapping>();
  return value;
}

SharedValue SharedValue::empty_list() { return list_of({}); }

SharedValue SharedValue::list_of(List items) {
  SharedValue value;
  value.data_ = std::make_shared<List>(std::move(items));
  return value;
}

bool SharedValue::is_null() const {
  const Value* scalar = std::get_if<Value>(&data_);
  return scalar != nullptr && scalar->is_null();
}

SharedValue::Mapping* SharedValue::mapping() const {
  const auto* mapping = std::get_if<std::shared_ptr<Mapping>>(&data_);
  return mapping == nullptr ? nullptr : mapping->get();
}

SharedValue::List* SharedValue::list() const {
  const auto* list = std::get_if<std::shared_ptr<List>>(&data_);
  return list == nullptr ? nullptr : list->get();
}

Value SharedValue::to_value() const {
  if (const Mapping* members = mapping()) {
    Object object;
    object.reserve(members->size());
    for (const auto& [key, member] : *members) object.append(key, member.to_value());
    return object;
  }
  if (const List* items = list()) {
    Array array;
    array.reserve(items->size());
    for (const SharedValue& item : *items) array.push_back(item.to_value());
    return array;
  }
  return std::get<Value>(data_);
}

}  // namespace primocane
