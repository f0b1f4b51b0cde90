// SPDX-License-Identifier: Apache-2.0
#include "support/field_set.hpp"

#include "document/json.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <ranges>
#include <span>
#include <string_view>
#include <utility>

namespace primocane {

namespace {

constexpr std::string_view item_itself = ".";

constexpr std::array<std::string_view, 10> server_fields = {
    "name",          "namespace",         "uid",
    "generation",    "resourceVersion",   "creationTimestamp",
    "managedFields", "deletionTimestamp", "deletionGracePeriodSeconds",
    "selfLink"};

bool is_keyed(const Array& list) {
  return !list.empty() &&
         std::ranges::all_of(list, [](const Value& item) { return !item.text_at("name").empty(); });
}

std::string item_key(const Value& item) {
  return "k:" + write_json(Object{{"name", Value(item.text_at("name"))}});
}

void collect(const Value& value, FieldPath& path, FieldValues& fields) {
  if (const Object* mapping = value.as_object(); mapping != nullptr && !mapping->empty()) {
    for (const auto& [key, member] : *mapping) {
      path.push_back("f:" + key);
      collect(member, path, fields);
      path.pop_back();
    }
    return;
  }
  if (const Array* list = value.as_array(); list != nullptr && is_keyed(*list)) {
    for (const Value& item : *list) {
      path.push_back(item_key(item));
      path.emplace_back(item_itself);
      fields[path] = Value();
      path.pop_back();
      Value rest = item;
      rest.as_object()->erase("name");  // the path says it already
      if (!rest.as_object()->empty()) collect(rest, path, fields);
      path.pop_back();
    }
    return;
  }
  fields[path] = value;
}

Array::iterator find_item(Array& list, std::string_view key) {
  return std::ranges::find_if(list, [&](const Value& item) { return item_key(item) == key; });
}

// The value that `element` leads to from `at`, made if it is missing.
Value& step_into(Value& at, const std::string& element) {
  if (element.starts_with("f:")) {
    if (at.as_object() == nullptr) at = Object{};
    return (*at.as_object())[std::string_view(element).substr(2)];
  }
  Array* list = at.as_array();
  if (list == nullptr) {
    at = Array{};
    list = at.as_array();
    assert(list != nullptr);
  }
  if (const auto item = find_item(*list, element); item != list->end()) return *item;
  list->push_back(read_json(std::string_view(element).substr(2), "key").value());
  return list->back();
}

bool is_empty_collection(const Value& value) {
  const Object* mapping = value.as_object();
  const Array* list = value.as_array();
  return (mapping != nullptr && mapping->empty()) || (list != nullptr && list->empty());
}

void remove_at(Value& at, std::span<const std::string> path) {
  const std::string& element = path.front();
  if (element.starts_with("f:")) {
    Object* mapping = at.as_object();
    const std::string_view key = std::string_view(element).substr(2);
    Value* member = mapping == nullptr ? nullptr : mapping->find(key);
    if (member == nullptr) return;
    if (path.size() > 1) remove_at(*member, path.subspan(1));
    if (path.size() == 1 || is_empty_collection(*member)) mapping->erase(key);
    return;
  }
  Array* list = at.as_array();
  if (list == nullptr || path.size() == 1) return;
  const auto item = find_item(*list, element);
  if (item == list->end()) return;
  if (path[1] != item_itself) {
    remove_at(*item, path.subspan(1));
  } else if (item->as_object()->size() == 1) {  // nothing but its name
    list->erase(item);
  }
}

void collect_paths(const Value& node, FieldPath& path, FieldSet& fields) {
  const Object* mapping = node.as_object();
  if (mapping == nullptr || mapping->empty()) {
    fields.insert(path);
    return;
  }
  for (const auto& [element, below] : *mapping) {
    path.push_back(element);
    collect_paths(below, path, fields);
    path.pop_back();
  }
}

}  // namespace

FieldValues fields_of(const Value& object) {
  FieldValues fields;
  FieldPath path;
  Value owned = object;
  Object& root = *owned.as_object();
  root.erase("apiVersion");
  root.erase("kind");
  if (Value* metadata = root.find("metadata"); metadata != nullptr && metadata->is_object()) {
    for (const std::string_view field : server_fields) metadata->as_object()->erase(field);
    if (is_empty_collection(*metadata)) root.erase("metadata");
  }
  if (root.empty()) return fields;
  collect(owned, path, fields);
  return fields;
}

FieldSet paths_of(const FieldValues& fields) {
  FieldSet paths;
  for (const auto& [path, value] : fields) paths.insert(path);
  return paths;
}

bool overlap(const FieldPath& a, const FieldPath& b) {
  const auto shorter = static_cast<std::ptrdiff_t>(std::min(a.size(), b.size()));
  return std::equal(a.begin(), a.begin() + shorter, b.begin());
}

void set_field(Value& object, const FieldPath& path, const Value& value) {
  Value* at = &object;
  for (const std::string& element : path) {
    if (element == item_itself) return;
    at = &step_into(*at, element);
  }
  *at = value;
}

void remove_fields(Value& object, const FieldSet& fields) {
  // Backwards, because an item itself sorts before what is in it.
  for (const FieldPath& path : std::views::reverse(fields)) remove_at(object, path);
}

Value to_fields_v1(const FieldSet& fields) {
  Value root = Object{};
  for (const FieldPath& path : fields) {
    Value* at = &root;
    for (const std::string& element : path) {
      at = &(*at->as_object())[element];
      if (at->is_null()) *at = Object{};
    }
  }
  return root;
}

FieldSet from_fields_v1(const Value& fields_v1) {
  FieldSet fields;
  FieldPath path;
  if (const Object* root = fields_v1.as_object(); root != nullptr && !root->empty()) {
    collect_paths(fields_v1, path, fields);
  }
  return fields;
}

}  // namespace primocane
